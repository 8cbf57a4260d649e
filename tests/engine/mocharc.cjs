// How the engine's specs run. Those that take longest come first: what is short fills the end.
const fs = require("node:fs");

const LONGEST = ["upgrades", "livingProd", "prod", "livingDev", "adoption", "rename"].map((name) => `${name}.spec.ts`);
const others = fs.readdirSync(__dirname).filter((file) => file.endsWith(".spec.ts") && !LONGEST.includes(file));

module.exports = {
  require: ["./preload.cjs", "./tests/support/day.ts", "./tests/engine/setup.ts"],
  timeout: 30_000,
  "node-option": ["max-semi-space-size=64"],
  parallel: true,
  jobs: 3,
  spec: [...LONGEST, ...others].map((file) => `tests/engine/${file}`),
};
