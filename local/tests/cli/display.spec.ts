import * as assert from "node:assert/strict";
import { Display, failure, stepLine, summary } from "../../cli/display";

describe("an operation's display", () => {
  it("shows steps that change something", () => {
    const step = (op: string, diffs?: string[]) =>
      stepLine({ op, diffs, type: "aws:ec2/vpc:Vpc", urn: "urn:pulumi:dev::p::aws:ec2/vpc:Vpc::main" } as never);
    assert.equal(step("create"), "+ create aws:ec2:Vpc main");
    assert.equal(step("update", ["tags"]), "~ update aws:ec2:Vpc main [tags]");
    assert.equal(step("same"), undefined);
    assert.equal(summary({ create: 2, same: 1 }, 61), "\n2 create, 1 same, in 1 min 01 s");
    assert.equal(
      summary({ delete: 3 }, 2, 1),
      "\n2 delete, 1 keep, in 2 s (keep: left where it is, by its option retainOnDelete)",
    );
    assert.equal(failure({ create: 2, update: 1 }, 5), "\nIt failed after 5 s. Done before: 2 create, 1 update.");
  });

  /** What is shown of an operation that makes the stack and a VPC, and is refused then. */
  function refused(planning: boolean): string[] {
    const lines: string[] = [];
    const display = new Display((line) => lines.push(line));
    for (const type of ["pulumi:pulumi:Stack", "aws:ec2/vpc:Vpc"]) {
      const metadata = { op: "create", type, urn: `urn:pulumi:dev::p::${type}::main` } as never;
      display.event({ resourcePreEvent: { metadata, planning } } as never);
      display.event({ resOutputsEvent: { metadata, planning } } as never);
    }
    display.event({ diagnosticEvent: { severity: "error", message: "zone must be set" } } as never);
    display.event({ summaryEvent: { resourceChanges: { create: 2 }, durationSeconds: 5 } } as never);
    display.end();
    return lines.slice(-2);
  }

  it("counts of what failed what it has changed, and of a preview that failed nothing", () => {
    assert.deepEqual(refused(false), ["! zone must be set", "\nIt failed after 5 s. Done before: 1 create."]);
    assert.deepEqual(refused(true), ["! zone must be set", "\nIt failed after 5 s."]);
  });
});
