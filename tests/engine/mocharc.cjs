// How the engine's specs run. Those that take longest come first: what is short fills the end.
const fs = require("node:fs");
const common = JSON.parse(fs.readFileSync(".mocharc.json", "utf8"));

const LONGEST = ["upgrades", "package", "livingProd", "prod", "livingDev", "adoption", "rename", "examples"].map(
  (name) => `${name}.spec.ts`,
);
const others = fs
  .readdirSync(__dirname, { recursive: true })
  .filter((file) => file.endsWith(".spec.ts") && !LONGEST.includes(file));

module.exports = {
  ...common,
  require: [...common.require, "./tests/engine/setup.ts"],
  parallel: true,
  jobs: 3,
  spec: [...LONGEST, ...others].map((file) => `tests/engine/${file}`),
};
