import assert from "node:assert/strict";
import { type Audit, exitCodeOf, type Finding, Owner } from "../../../audit/findings";
import { auditAsJson, auditAsMarkdown, auditAsText } from "../../../audit/report";

const finding = (more: Partial<Finding>): Finding => ({
  kind: "volume",
  id: "vol-0123456789abcdef0",
  region: "eu-west-1",
  owner: Owner.Driver,
  because: "tag KubernetesCluster",
  detail: "20 GiB gp3, claim catalog/data-catalog-mysql-0, available",
  isGoing: false,
  ...more,
});
const point = "arn:aws:backup:eu-west-1:111122223333:recovery-point:01234567-89ab-cdef-0123-456789abcdef";
const audit: Audit = {
  stack: "dev",
  name: "shop-dev",
  accountId: "111122223333",
  regions: ["eu-west-1"],
  findings: [
    finding({}),
    finding({ kind: "access point", id: "fsap-0123456789abcdef0", detail: "of fs-0123456789abcdef0, /, available" }),
    finding({ kind: "VPC", id: "vpc-0123456789abcdef0", owner: Owner.Stack, detail: "10.0.0.0/16" }),
    finding({ kind: "recovery point", id: point, owner: Owner.Kept, detail: "of fs-1, made 2026-11-28, in shop-dev" }),
    finding({ kind: "key", id: "0123", owner: Owner.Stack, detail: "AWS deletes it on 2026-12-28", isGoing: true }),
  ],
  gaps: [],
  remarks: [],
};
const gap = {
  what: "snapshots",
  region: "eu-west-1",
  missing: "ec2:DescribeSnapshots",
  message: "You are not authorized to perform this operation.",
};

describe("the report of an audit", () => {
  it("is a table within 80 columns, whose ids can be copied", () => {
    assert.equal(
      auditAsText(audit),
      `dev (shop-dev) in 111122223333, eu-west-1: 3 resources left, 1 kept on purpose,
1 being deleted

left by a driver, a controller, EKS or a node:
  volume        vol-0123456789abcdef0       costs: 20 GiB gp3, claim
                                            catalog/data-catalog-mysql-0,
                                            available
  access point  fsap-0123456789abcdef0      blocks its file system: of
                                            fs-0123456789abcdef0, /, available

the stack's own:
  VPC  vpc-0123456789abcdef0       10.0.0.0/16

kept on purpose:
  recovery point  ${point}
                  costs, blocks its vault: of fs-1, made 2026-11-28, in shop-dev

AWS is deleting:
  key  0123                        AWS deletes it on 2026-12-28

How each is deleted: docs/audit.md.`,
    );
  });

  it("takes the room that a wider terminal has", () => {
    const text = auditAsText(audit, 120);
    assert.match(text, / {2}volume {8}vol-\w+ {7}costs: 20 GiB gp3, claim catalog\/data-catalog-mysql-0, available\n/);
    for (const columns of [80, 100, 120]) {
      for (const line of auditAsText(audit, columns).split("\n")) {
        assert.ok(line.length <= columns || line.includes(point), `${line.length} in ${columns}: ${line}`);
      }
    }
  });

  it("says where something is that isn't in the stack's region", () => {
    const copy = finding({ kind: "file system", id: "fs-1", detail: "available", region: "eu-central-1" });
    const both = { ...audit, regions: ["eu-west-1", "eu-central-1"], findings: [copy] };
    assert.match(auditAsText(both), /^dev \(shop-dev\) in 111122223333, eu-west-1 and eu-central-1: 1 resource left\n/);
    assert.match(auditAsText(both), /costs: available, in eu-central-1\n/);
    assert.match(auditAsMarkdown(both), /\| `available, in eu-central-1` \|/);
  });

  it("cuts nothing off, however long a word is", () => {
    const detail = `somebody's ${"x".repeat(100)}`;
    const text = auditAsText({ ...audit, findings: [finding({ detail })] });
    assert.equal(text.match(/x/g)!.length, 100);
  });

  it("says what couldn't be looked at, and which right is missing", () => {
    const text = auditAsText({ ...audit, findings: [], gaps: [gap, { ...gap, what: "keys", missing: undefined }] });
    assert.equal(
      text,
      `dev (shop-dev) in 111122223333, eu-west-1: nothing left, as far as could be
looked

could not be looked at:
  snapshots in eu-west-1; whoever is signed in lacks the right
    ec2:DescribeSnapshots: You are not authorized to perform this operation.
  keys in eu-west-1: You are not authorized to perform this operation.`,
    );
  });

  it("says what the files don't tell, of no region", () => {
    const unseen = { what: "what Pulumi ESC environments set", message: "Pulumi.dev.yaml imports shared." };
    const text = auditAsText({ ...audit, findings: [], gaps: [unseen] });
    assert.match(text, /\n {2}what Pulumi ESC environments set: Pulumi\.dev\.yaml imports shared\.$/);
    assert.equal(exitCodeOf({ findings: [], gaps: [unseen] }), 2);
  });

  it("says that a stack stands", () => {
    const cluster = finding({ kind: "cluster", id: "shop-dev", owner: Owner.Stack });
    const said = /\nThe stack's cluster exists: unless a destroy stopped half-way, what is listed is\nin use\.\n/;
    assert.match(auditAsText({ ...audit, findings: [cluster] }), said);
    assert.doesNotMatch(auditAsText({ ...audit, findings: [{ ...cluster, isGoing: true }] }), said);
  });

  it("ends with 0 where nothing is left, 7 where something is, 2 where that isn't known", () => {
    const kept = audit.findings.filter(({ owner, isGoing }) => owner === Owner.Kept || isGoing);
    assert.equal(exitCodeOf({ findings: kept, gaps: [] }), 0);
    assert.equal(exitCodeOf(audit), 7);
    assert.equal(exitCodeOf({ findings: [], gaps: [gap] }), 2);
    assert.equal(exitCodeOf({ ...audit, gaps: [gap] }), 2);
  });

  it("has all of it as JSON, with what each does", () => {
    const { verdict, findings } = JSON.parse(auditAsJson(audit)) as {
      verdict: string;
      findings: (Finding & { costs: boolean; blocks?: string })[];
    };
    assert.equal(verdict, "left");
    assert.equal(findings.find(({ isGoing }) => isGoing)!.costs, false);
    assert.deepEqual(findings[1], { ...audit.findings[1], costs: false, blocks: "its file system" });
    assert.equal((JSON.parse(auditAsJson({ ...audit, gaps: [gap] })) as { verdict: string }).verdict, "incomplete");
  });

  it("has nothing in its Markdown that a resource's name could mean there", () => {
    const named = finding({ detail: "a | b <img> @team", id: "a`b" });
    const text = auditAsMarkdown({ ...audit, findings: [named], gaps: [gap], remarks: ["1 of 2"] });
    assert.match(
      text,
      /^## Audit: `dev \(shop-dev\) in 111122223333, eu-west-1: 1 resource left, as far as could be looked`\n/,
    );
    assert.match(
      text,
      /\n### left by a driver, a controller, EKS or a node: 1\n\n\| what \| id \| does \| details \| told by \|\n/,
    );
    assert.match(
      text,
      /\n\| volume \| ``a`b`` \| costs \| <code>a &#124; b &#60;img&#62; &#64;team<\/code> \| `tag KubernetesCluster` \|\n/,
    );
    assert.match(
      text,
      /### could not be looked at: 1\n\n- `snapshots in eu-west-1; whoever is signed in lacks the right ec2:Desc/,
    );
  });
});
