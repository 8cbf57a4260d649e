import assert from "node:assert/strict";
import { type Figure, figures, groups } from "../../../bench/figures";
import type { Sample } from "../../../bench/processes";
import { lacking, type Measured, median, resultOf, table } from "../../../bench/report";

const took = (...seconds: number[]): Sample[] => seconds.map((it) => ({ seconds: it, largestMegabytes: it * 100 }));
const subjects: Record<string, Measured> = {
  program: { command: "load", samples: { before: took(9, 8, 7), now: took(5, 1, 3) } },
  SDKs: { command: "load less", samples: { now: took(2, 2, 2) } },
  missing: { command: "not here", samples: {} },
};
const result = (figure: Partial<Figure>) =>
  resultOf({ group: "load", of: "program", beside: "SDKs", ...figure }, subjects);

describe("the bench's report", () => {
  it("has figures of what is measured, in a table of 80 columns", () => {
    const unknown = figures.filter(
      ({ group, of, beside }) => of === beside || ![of, beside].every((name) => name in groups[group]!.subjects),
    );
    assert.deepEqual(unknown, []);

    const samples = [{ seconds: 100, processorSeconds: 100, largestMegabytes: 1000, allMegabytes: 1000 }];
    const results = figures.flatMap((figure) => {
      const measured = { command: "", samples: { before: samples, now: samples } };
      return resultOf(figure, { [figure.of]: measured, [figure.beside]: measured }) ?? [];
    });
    assert.equal(results.length, figures.length);
    assert.deepEqual(lacking(figures, results), []);
    for (const line of table(results).split("\n")) assert.ok(line.length <= 80, line);
  });

  it("goes by the median", () => {
    assert.equal(median([5, 1, 3]), 3);
    assert.equal(median([4, 1, 3, 2]), 2.5);
  });

  it("has each figure before and now, beside what was measured in the same run", () => {
    assert.deepEqual(result({ limit: { times: 1.15 } }), {
      figure: "load: program / SDKs",
      metric: "seconds",
      command: "load",
      before: { median: 8, samples: [9, 8, 7] },
      now: { median: 3, samples: [5, 1, 3] },
      beside: { command: "load less", median: 2, samples: [2, 2, 2] },
      ratio: 1.5,
      limit: "x 1.15",
      met: false,
    });
  });

  it("holds a figure against its limit: by itself, as a multiple, as a difference", () => {
    assert.equal(result({ limit: { most: 3 } })!.met, true);
    assert.equal(result({ limit: { most: 2.9 } })!.met, false);
    assert.equal(result({ limit: { times: 1.5 } })!.met, true);
    assert.equal(result({ limit: { longer: 1 } })!.met, true);
    assert.equal(result({ limit: { longer: 0.9 } })!.met, false);
    assert.equal(result({ limit: { times: 1 }, metric: "largestMegabytes" })!.met, false);
  });

  it("says neither yes nor no beside what couldn't be measured, and leaves out what wasn't", () => {
    const alone = result({ beside: "missing", limit: { times: 1 } })!;
    assert.deepEqual([alone.limit, alone.met, alone.ratio], ["x 1", undefined, undefined]);
    assert.equal(result({ of: "missing" }), undefined);
  });

  it("names what isn't whole: then nothing is written", () => {
    const group = { group: "load", of: "program" };
    const whole: Figure = { ...group, beside: "SDKs" };
    const alone: Figure = { ...group, beside: "missing", limit: { times: 1 } };
    const memory: Figure = { ...whole, metric: "largestMegabytes" };
    const all = [whole, memory, alone, { ...alone, metric: "largestMegabytes" as const }, { ...whole, of: "missing" }];
    const results = all.flatMap((figure) => resultOf(figure, subjects) ?? []);
    assert.deepEqual(lacking(all, results), ["load: program / missing", "load: missing / SDKs"]);
    assert.deepEqual(lacking([whole, memory], results.slice(0, 1)), ["load: program / SDKs"], "of another metric");
    assert.deepEqual(lacking([whole, memory], results), []);
  });

  it("prints a table of Markdown", () => {
    const rows = [result({ limit: { longer: 1 } })!, result({ metric: "largestMegabytes" })!];
    assert.equal(
      table(rows),
      [
        "|figure               |before|   now|beside|ratio|limit|met|",
        "|---------------------|-----:|-----:|-----:|----:|----:|--:|",
        "|load: program / SDKs |8.00 s|3.00 s|2.00 s| 1.50|+ 1 s|yes|",
        "|- its largest process|800 MB|300 MB|200 MB| 1.50|     |   |",
      ].join("\n"),
    );
  });
});
