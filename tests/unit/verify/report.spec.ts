import assert from "node:assert/strict";
import { Outcome, exitCodeOf, type Result } from "../../../verify/result";
import { detailsAsText, headAsText, outcomeAsText, reportAsJson, sumAsText, time } from "../../../verify/report";

const result = (outcome: Outcome, more: Partial<Result> = {}): Result => ({
  id: "assets.shared",
  outcome,
  expected: "what one pod writes into verify-0a1b2c3d.txt, another one reads with the same checksum",
  saw: "sha256 0123456789ab: assets-7d9f-abcde on ip-10-0-1-17.eu-west-1.compute.internal wrote it",
  milliseconds: 321,
  ...more,
});
const report = (...results: Result[]) => ({
  stack: "dev",
  cluster: "c",
  server: "https://c",
  runId: "0a1b2c3d",
  milliseconds: 35_000,
  results,
});

const resultAsText = (it: Result) => `${outcomeAsText(it)}\n${detailsAsText(it)}`;

describe("verify's report", () => {
  it("says what was expected and seen in 80 columns, and where to look in one line to paste", () => {
    const look = `kubectl exec assets-7d9f-abcde --namespace assets --container assets -- ls -la /usr/share/nginx/html/assets/`;
    assert.equal(
      resultAsText(result(Outcome.Failed, { look })),
      [
        "failed  assets.shared (0.3 s)",
        "    expected  what one pod writes into verify-0a1b2c3d.txt, another one reads",
        "              with the same checksum",
        "    saw       sha256 0123456789ab: assets-7d9f-abcde on",
        "              ip-10-0-1-17.eu-west-1.compute.internal wrote it",
        `    look      ${look}`,
      ].join("\n"),
    );
  });

  it("begins with whose cluster it is, in 80 columns, of which an address is never broken", () => {
    const server = "https://0123456789ABCDEF0123456789ABCDEF.gr7.eu-west-1.eks.amazonaws.com";
    assert.equal(
      headAsText({ ...report(), cluster: "eks-storage-dev", server }),
      `dev: the cluster eks-storage-dev at\n${server}\nWhat this run makes has 0a1b2c3d in its name.\n`,
    );
  });

  it("says why a check wasn't run, and no time", () => {
    const text = resultAsText(result(Outcome.NotRun, { saw: "that needs --disruptive" }));
    assert.match(text, /^not run assets\.shared\n/);
    assert.match(text, /\n {4}because {3}that needs --disruptive$/);
  });

  it("sums up, names what failed, and counts what couldn't be run", () => {
    const results = [
      result(Outcome.Passed),
      result(Outcome.Failed, { id: "assets.served" }),
      result(Outcome.NotRun, { isBlocked: true }),
    ];
    assert.equal(
      sumAsText(report(...results)),
      "\n1 passed, 1 failed, 1 not run, in 35 s\nfailed: assets.served\n1 check should have been run, and couldn't be.",
    );
  });

  it("gives programs every check, and the exit code", () => {
    const { exitCode, checks, runId } = JSON.parse(reportAsJson(report(result(Outcome.Failed)))) as Record<
      string,
      unknown
    >;
    assert.deepEqual([exitCode, runId], [1, "0a1b2c3d"]);
    assert.deepEqual(checks, [{ ...result(Outcome.Failed), isBlocked: false }]);
  });

  it("ends with 1 for a failure, with 2 where something couldn't be run, or nothing was", () => {
    const [passed, failed, skipped] = [result(Outcome.Passed), result(Outcome.Failed), result(Outcome.NotRun)];
    const blocked = result(Outcome.NotRun, { isBlocked: true });
    assert.deepEqual(
      [[passed, skipped], [passed, failed, blocked], [passed, blocked], [skipped], []].map(exitCodeOf),
      [0, 1, 2, 2, 2],
    );
  });

  it("says times as a person reads them", () => {
    assert.deepEqual([40, 9949, 9951, 59_400, 125_000].map(time), ["0.0 s", "9.9 s", "10 s", "59 s", "2 min 05 s"]);
  });
});
