const fs = require("node:fs");
const path = require("node:path");
const { reporters } = require("mocha");

/** How many spec files are named as the slowest. */
const SLOWEST = 8;

/**
 * Prints like mocha's own, ends with the spec files whose tests took longest, with the figures that tests found, as their
 * `figures`, and with `N passed, N failed`, and leaves `PASSED FAILED` in the file that $TEST_COUNTS names.
 */
module.exports = class CountingReporter extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const figures = [];
    const times = new Map();
    runner.on("test end", ({ figures: found = [], file = "", duration = 0 }) => {
      figures.push(...found);
      times.set(file, (times.get(file) ?? 0) + duration);
    });
    runner.once("end", () => {
      const { passes, failures } = this.stats;
      const seconds = ([file, time]) => `${(time / 1000).toFixed(1).padStart(7)} s  ${path.relative("", file)}`;
      const slowest = [...times].sort(([, one], [, other]) => other - one).slice(0, SLOWEST);
      if (times.size > 1) console.log(["The slowest, without their hooks:", ...slowest.map(seconds), ""].join("\n"));
      for (const line of [...figures, `${passes} passed, ${failures} failed`]) console.log(line);
      if (process.env.TEST_COUNTS) fs.writeFileSync(process.env.TEST_COUNTS, `${passes} ${failures}\n`);
    });
  }
};
