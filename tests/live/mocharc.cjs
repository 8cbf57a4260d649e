// The specs look at one stack, one after the other: what the last one does to it, none can undo.
const fs = require("node:fs");
const common = JSON.parse(fs.readFileSync(".mocharc.json", "utf8"));

module.exports = {
  ...common,
  require: [...common.require, "./tests/live/setup.ts"],
  timeout: "10m",
  spec: ["pods", "database", "probes", "verify", "emptyDir", "changes", "destroy"].map(
    (name) => `tests/live/${name}.spec.ts`,
  ),
};
