import type { Constraint } from "./constraint";
import { backupConstraints } from "./constraints/backup";
import { clusterConstraints } from "./constraints/cluster";
import { existingConstraints } from "./constraints/existing";
import { fileSystemConstraints } from "./constraints/fileSystem";
import { networkConstraints } from "./constraints/network";
import { storageConstraints } from "./constraints/storage";
import { workloadConstraints } from "./constraints/workloads";

/**
 * Every constraint of the configuration; what a key must be by itself is in keys.ts.
 *
 * To add a constraint: put it into its family in constraints/; add what it accepts and what it refuses, with the exact
 * message, to tests/unit/config/constraints.spec.ts, which fails without them; run `npm run docs`. Where a component checks
 * the same thing, the constraint calls the component's validator, with the keys' names for its arguments.
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
