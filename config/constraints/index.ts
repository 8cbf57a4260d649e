import type { Constraint } from "./constraint";
import { accountConstraints } from "./account";
import { backupConstraints } from "./backup";
import { clusterConstraints } from "./cluster";
import { existingConstraints } from "./existing";
import { fileSystemConstraints } from "./fileSystem";
import { networkConstraints } from "./network";
import { storageConstraints } from "./storage";
import { workloadConstraints } from "./workloads";

/**
 * Every constraint of the configuration; what a key must be by itself is in keys.ts.
 *
 * To add a constraint: put it into its family in this folder; add what it accepts and what it refuses, with the exact
 * message, to tests/unit/config/constraints.spec.ts, which fails without them; run `npm run docs`. Where a component checks
 * the same thing, the constraint calls the component's validator, with the keys' names for its arguments.
 */
export const constraints: Constraint[] = [
  ...accountConstraints,
  ...networkConstraints,
  ...clusterConstraints,
  ...storageConstraints,
  ...fileSystemConstraints,
  ...backupConstraints,
  ...existingConstraints,
  ...workloadConstraints,
];
