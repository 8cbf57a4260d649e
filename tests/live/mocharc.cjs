// The specs look at one stack, one after the other: what one does to it, the next one builds on. After a failure none of them
// would say anything.
const fs = require("node:fs");
const common = JSON.parse(fs.readFileSync(".mocharc.json", "utf8"));

module.exports = {
  ...common,
  require: [...common.require, "./tests/live/setup.ts"],
  bail: true,
  // More than all that a test waits for, one after the other.
  timeout: "10m",
  spec: ["pods", "database", "probes", "verify", "emptyDir", "changes", "destroy"].map(
    (name) => `tests/live/${name}.spec.ts`,
  ),
};
