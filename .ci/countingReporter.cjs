const fs = require("node:fs");
const { reporters } = require("mocha");

/**
 * Prints like mocha's own, ends with the figures that tests found, as their `figures`, and with `N passed, N failed`, and
 * leaves `PASSED FAILED` in the file that $TEST_COUNTS names.
 */
module.exports = class CountingReporter extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const figures = [];
    runner.on("test end", (test) => figures.push(...(test.figures ?? [])));
    runner.once("end", () => {
      const { passes, failures } = this.stats;
      for (const line of [...figures, `${passes} passed, ${failures} failed`]) console.log(line);
      if (process.env.TEST_COUNTS) fs.writeFileSync(process.env.TEST_COUNTS, `${passes} ${failures}\n`);
    });
  }
};
