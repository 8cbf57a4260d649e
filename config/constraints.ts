import type { Constraint } from "./constraint";
import { backupConstraints } from "./constraints/backup";
import { clusterConstraints } from "./constraints/cluster";
import { existingConstraints } from "./constraints/existing";
import { fileSystemConstraints } from "./constraints/fileSystem";
import { networkConstraints } from "./constraints/network";
import { storageConstraints } from "./constraints/storage";
import { workloadConstraints } from "./constraints/workloads";

/**
 * Every constraint about the configuration; what a key must be by itself is in keys.ts.
 *
 * To add a constraint: put it into the family that it belongs to, in constraints/; add what it accepts and what it refuses, with the
 * exact message, to tests/unit/configConstraints.spec.ts, which fails without them; `npm run docs` puts it into
 * docs/configuration.md. Where a component checks the same thing, the constraint calls the component's own check with the
 * key's name for the argument's, so that both say the same.
 */
export const constraints: Constraint[] = [
  ...networkConstraints,
  ...clusterConstraints,
  ...storageConstraints,
  ...fileSystemConstraints,
  ...backupConstraints,
  ...existingConstraints,
  ...workloadConstraints,
];
