import type { Rule } from "./rule";
import { backupRules } from "./rules/backup";
import { clusterRules } from "./rules/cluster";
import { existingRules } from "./rules/existing";
import { fileSystemRules } from "./rules/fileSystem";
import { networkRules } from "./rules/network";
import { storageRules } from "./rules/storage";
import { workloadRules } from "./rules/workloads";

/**
 * Every rule about the configuration; what a key must be by itself is in keys.ts.
 *
 * To add a rule: put it into the family that it belongs to, in rules/; add what it accepts and what it refuses, with the
 * exact message, to tests/unit/configRules.spec.ts, which fails without them; `npm run docs` puts it into
 * docs/configuration.md. Where a component checks the same thing, the rule calls the component's own check with the
 * key's name for the argument's, so that both say the same.
 */
export const rules: Rule[] = [
  ...networkRules,
  ...clusterRules,
  ...storageRules,
  ...fileSystemRules,
  ...backupRules,
  ...existingRules,
  ...workloadRules,
];
