import assert from "node:assert/strict";
import { marked } from "marked";
import { type Drift, DRIFT_EXIT_CODE, driftOf, type DriftReport } from "../../../changes/drift";
import { driftAsJson, driftAsMarkdown, driftAsText } from "../../../changes/driftReport";
import { expectedDrift } from "../../../changes/expectedDrift";
import { markOf } from "../../../changes/mark";
import { readPreview } from "../../../changes/preview";
import { quoted } from "../../../changes/whoDidIt";
import { durableTypes } from "../../../components/retention/durable";
import { digest, type State, state, type Step, step } from "../../support/previews";

const POINT = "aws:efs/accessPoint:AccessPoint";
const CLASS = "kubernetes:storage.k8s.io/v1:StorageClass";
const CLAIM = "kubernetes:core/v1:PersistentVolumeClaim";
const DEPLOYMENT = "kubernetes:apps/v1:Deployment";

const report = (...steps: Step[]): DriftReport => driftOf(readPreview(JSON.stringify(digest(steps))));
const one = (...steps: Step[]): Drift => {
  const { drifts, exitCode } = report(...steps);
  assert.equal(drifts.length, 1);
  assert.equal(exitCode, DRIFT_EXIT_CODE);
  return drifts[0]!;
};

/** What a refresh finds of a resource: other values than the state's, each at a path. */
function changed(type: string, name: string, old: object, after: object, paths: string[], kind = "update"): Step {
  const [before, then] = [old, after].map((it) => ({ inputs: it, outputs: it }) as Partial<State>);
  const detailedDiff = Object.fromEntries(paths.map((path) => [path, { kind, inputDiff: false }]));
  const id = type.startsWith("aws:") ? { id: `${name}-id` } : {};
  return step("update", state(type, name, { ...id, ...before }), state(type, name, { ...id, ...then }), {
    detailedDiff,
  });
}
const change = (...given: Parameters<typeof changed>): string[] =>
  one(changed(...given)).causes.map(({ path, old, new: after }) => `${path}: ${old} → ${after}`);

describe("drift", () => {
  it("is an access point that is deleted, and who did it is asked of CloudTrail", () => {
    const point = state(POINT, "assets", { id: "fsap-1", outputs: { region: "eu-west-1" } });
    assert.deepEqual(one(step("delete", point)), {
      kind: "deleted",
      urn: point.urn,
      type: POINT,
      name: "assets",
      id: "fsap-1",
      causes: [],
      lost: durableTypes[POINT]!.lost,
      who:
        "aws cloudtrail lookup-events --region eu-west-1 " +
        "--lookup-attributes AttributeKey=ResourceName,AttributeValue=fsap-1 " +
        "--query 'Events[].[EventTime,Username,EventName]' --output table",
      takeBack: "pulumi up --stack dev --refresh makes it anew.",
      accept: "Take it out of the program or its configuration, then: pulumi refresh --stack dev",
    });
  });

  it("is a mount target that is gone", () => {
    const { kind, lost } = one(step("delete", state("aws:efs/mountTarget:MountTarget", "a", { id: "fsmt-1" })));
    assert.deepEqual([kind, lost], ["deleted", "The zone's way to the files: its pods hang until there is another."]);
  });

  it("is a tag that is changed, with both ways out", () => {
    const tags = (owner: string) => ({ tags: { owner, "a.b": "c" } });
    const drift = one(changed("aws:s3/bucket:Bucket", "images", tags("us"), tags("them"), ["tags.owner"]));
    assert.deepEqual(drift.causes, [{ path: "tags.owner", old: "us", new: "them" }]);
    assert.equal(drift.takeBack, "pulumi up --stack dev --refresh");
    assert.equal(drift.accept, "Say the same in the program or its configuration, then: pulumi refresh --stack dev");
  });

  it("is a class that is made default", () => {
    const path = 'metadata.annotations["storageclass.kubernetes.io/is-default-class"]';
    const annotated = (value: string) => ({
      metadata: { name: "gp2", annotations: { "storageclass.kubernetes.io/is-default-class": value } },
    });
    assert.deepEqual(change(CLASS, "gp2", annotated("false"), annotated("true"), [path]), [`${path}: false → true`]);
  });

  it("is a number of replicas, and the object says who set it", () => {
    const scaled = (replicas: number) => ({ metadata: { name: "assets", namespace: "shop" }, spec: { replicas } });
    const drift = one(changed(DEPLOYMENT, "assets", scaled(2), scaled(5), ["spec.replicas"]));
    assert.deepEqual(drift.causes, [{ path: "spec.replicas", old: "2", new: "5" }]);
    assert.equal(drift.who, "kubectl get deployment assets --namespace shop --output yaml --show-managed-fields");
  });

  it("is a policy that is loosened", () => {
    const type = "aws:efs/fileSystemPolicy:FileSystemPolicy";
    const [cause] = change(type, "files", { policy: '{"Effect":"Deny"}' }, { policy: "{}" }, ["policy"]);
    assert.equal(cause, 'policy: {"Effect":"Deny"} → {}');
  });

  it("is an add-on that is upgraded, which CloudTrail knows by its name", () => {
    const versioned = (addonVersion: string) => ({ addonName: "vpc-cni", addonVersion });
    const drift = one(changed("aws:eks/addon:Addon", "cni", versioned("v1"), versioned("v2"), ["addonVersion"]));
    assert.deepEqual(drift.causes, [{ path: "addonVersion", old: "v1", new: "v2" }]);
    assert.match(drift.who!, /AttributeValue=vpc-cni /);
  });

  it("is a security group that is opened", () => {
    const open = (...cidrBlocks: string[]) => ({
      ingress: cidrBlocks.map((it) => ({ fromPort: 2049, cidrBlocks: [it] })),
    });
    const type = "aws:ec2/securityGroup:SecurityGroup";
    assert.deepEqual(
      change(type, "efs", open("10.0.0.0/16"), open("10.0.0.0/16", "0.0.0.0/0"), ["ingress[1]"], "add"),
      ['ingress[1]: none → {"fromPort":2049,"cidrBlocks":["0.0.0.0/0"]}'],
    );
  });

  it("is durable data that nobody has any more: its claim's end is in the audit log of the stack's cluster", () => {
    const claim = state(CLAIM, "data", { inputs: { metadata: { name: "data-0", namespace: "catalog" } } });
    const cluster = state("aws:eks/cluster:Cluster", "c", { outputs: { name: "shop" } });
    const drift = one(step("refresh", cluster, cluster), step("delete", claim));
    assert.equal(drift.lost, durableTypes[CLAIM]!.lost);
    assert.equal(
      drift.who,
      "aws logs filter-log-events --log-group-name /aws/eks/shop/cluster --log-stream-name-prefix kube-apiserver-audit " +
        `--filter-pattern '{ ($.verb = "delete") && ($.objectRef.name = "data-0") && ($.objectRef.namespace = "catalog") }'`,
    );
    assert.equal(
      drift.takeBack,
      "pulumi up --stack dev --refresh makes another, empty one. Restore what was in it first, or afterwards.",
    );
  });

  it("is told from the worst on: deleted before changed, data before the rest", () => {
    const files = state("aws:efs/fileSystem:FileSystem", "files");
    const { drifts } = report(
      changed("aws:ec2/vpc:Vpc", "vpc", { a: 1 }, { a: 2 }, ["a"]),
      changed("aws:kms/key:Key", "key", { a: 1 }, { a: 2 }, ["a"]),
      step("delete", state("aws:ec2/subnet:Subnet", "subnet")),
      step("delete", state(POINT, "point")),
      step("delete", files),
    );
    assert.deepEqual(
      drifts.map(({ kind, name }) => `${kind} ${name}`),
      ["deleted files", "deleted point", "deleted subnet", "changed key", "changed vpc"],
    );
  });

  it("is nothing where all is as the state has it", () => {
    const files = state("aws:efs/fileSystem:FileSystem", "files");
    const found = report(step("refresh", files, files), step("same", files, files), step("read", undefined, files));
    assert.deepEqual([found.exitCode, found.drifts, found.expected], [0, [], []]);
    assert.equal(driftAsText(found), "no drift: dev, 4 resources as the state has them");
  });

  it("is also what a refresh counts and doesn't show", () => {
    const files = state("aws:efs/fileSystem:FileSystem", "files");
    const preview = digest([step("refresh", files, files)]);
    preview.changeSummary["update"] = 1;
    const found = driftOf(readPreview(JSON.stringify(preview)));
    assert.deepEqual([found.exitCode, found.untold], [DRIFT_EXIT_CODE, 1]);
    const [what, how] = [
      "1 more resource changed, of which the refresh doesn't say which or how. See them",
      "with: pulumi refresh --preview-only --diff",
    ];
    assert.equal(driftAsText(found), `drift: dev\n\n${what}\n${how}`);
    assert.ok(driftAsMarkdown(found).endsWith(`${what} ${how}`));
    const [unnamed] = report(step("update", files, files)).drifts;
    assert.deepEqual(unnamed!.causes, []);
    assert.match(driftAsText(report(step("update", files, files))), /changed +its provider doesn't say what/);
  });
});

describe("expected drift", () => {
  const NODES = "aws:eks/nodeGroup:NodeGroup";
  const sized = (desiredSize: number, maxSize = 3) => ({ scalingConfig: { desiredSize, maxSize } });
  const annotated = (key: string, value: string) => ({ metadata: { annotations: { [key]: value } } });
  const claimed = (claimRef: object) => ({ spec: { claimRef: { name: "a", ...claimRef } } });
  const VOLUME = "kubernetes:core/v1:PersistentVolume";
  /** One of each entry, with something like it that isn't expected. */
  const cases: [expected: Parameters<typeof changed>, not: Parameters<typeof changed>][] = [
    [
      [NODES, "n", sized(1), sized(2), ["scalingConfig.desiredSize"]],
      [NODES, "n", sized(1, 3), sized(1, 9), ["scalingConfig.maxSize"]],
    ],
    [
      ["aws:eks/cluster:Cluster", "c", { platformVersion: "eks.1" }, { platformVersion: "eks.2" }, ["platformVersion"]],
      ["aws:eks/cluster:Cluster", "c", { version: "1.34" }, { version: "1.35" }, ["version"]],
    ],
    [
      [NODES, "n", { tags: {} }, { tags: { "aws:x": "y" } }, ['tags["aws:x"]'], "add"],
      [NODES, "n", { tags: {} }, { tags: { "awsx:x": "y" } }, ['tags["awsx:x"]'], "add"],
    ],
    [
      [
        "aws:efs/fileSystem:FileSystem",
        "f",
        { numberOfMountTargets: 2 },
        { numberOfMountTargets: 1 },
        ["numberOfMountTargets"],
      ],
      [
        "aws:efs/fileSystem:FileSystem",
        "f",
        { throughputMode: "elastic" },
        { throughputMode: "bursting" },
        ["throughputMode"],
      ],
    ],
    [
      [DEPLOYMENT, "d", { status: { replicas: 1 } }, { status: { replicas: 2 } }, ["status.replicas"]],
      [DEPLOYMENT, "d", { spec: { status: 1 } }, { spec: { status: 2 } }, ["spec.status"]],
    ],
    [
      [CLAIM, "c", { metadata: {} }, { metadata: { finalizers: ["f"] } }, ["metadata.finalizers"], "add"],
      [CLAIM, "c", { metadata: { finalizers: ["f"] } }, { metadata: {} }, ["metadata.finalizers"], "delete"],
    ],
    [
      [
        DEPLOYMENT,
        "d",
        annotated("deployment.kubernetes.io/revision", "1"),
        annotated("deployment.kubernetes.io/revision", "2"),
        ["metadata.annotations"],
      ],
      [DEPLOYMENT, "d", annotated("own.io/revision", "1"), annotated("own.io/revision", "2"), ["metadata.annotations"]],
    ],
    [
      [CLAIM, "c", { spec: {} }, { spec: { volumeName: "pvc-1" } }, ["spec.volumeName"], "add"],
      [CLAIM, "c", { spec: { volumeName: "pvc-1" } }, { spec: { volumeName: "pvc-2" } }, ["spec.volumeName"]],
    ],
    [
      [VOLUME, "v", claimed({}), claimed({ uid: "u" }), ["spec.claimRef.uid"], "add"],
      [VOLUME, "v", claimed({}), claimed({ name: "b" }), ["spec.claimRef.name"]],
    ],
  ];

  expectedDrift.forEach(({ reason }, index) => {
    it(`isn't told as drift: ${reason}`, () => {
      const [expected, not] = cases[index]!;
      const found = report(changed(...expected));
      assert.deepEqual([found.exitCode, found.drifts], [0, []]);
      assert.deepEqual(
        found.expected.map((it) => it.reason),
        [reason],
      );
      assert.equal(report(changed(...not)).drifts.length, 1);
    });
  });

  it("isn't a finalizer that is taken away from among others", () => {
    const [two, one] = [["kubernetes.io/pvc-protection", "own.io/x"], ["own.io/x"]];
    const finalizers = (...all: string[]) => ({ metadata: { finalizers: all } });
    const first = changed(CLAIM, "c", finalizers(...two), finalizers(...one), ["metadata.finalizers"]);
    const { drifts, expected } = report(first);
    assert.deepEqual([drifts.length, expected], [1, []]);
  });

  it("stays told beside drift of the same resource", () => {
    const { drifts, expected } = report(
      changed(NODES, "n", sized(1, 3), sized(2, 9), ["scalingConfig.desiredSize", "scalingConfig.maxSize"]),
    );
    assert.deepEqual(
      [drifts[0]!.causes.map(({ path }) => path), expected.map(({ cause }) => cause.path)],
      [["scalingConfig.maxSize"], ["scalingConfig.desiredSize"]],
    );
  });
});

describe("a report of drift", () => {
  const hostile = "x`</code><img src=x> @team\n$(rm -rf ~)'";
  const found = report(
    step("delete", state(POINT, "assets", { id: "fsap-1" })),
    changed(
      "aws:eks/nodeGroup:NodeGroup",
      "n",
      { scalingConfig: { desiredSize: 1 } },
      { scalingConfig: { desiredSize: 2 } },
      ["scalingConfig.desiredSize"],
    ),
    changed(
      DEPLOYMENT,
      "assets",
      { metadata: { name: hostile } },
      { metadata: { name: hostile }, spec: { replicas: 5 } },
      ["spec.replicas"],
      "add",
    ),
  );

  it("is a text of 80 columns, but for commands to copy", () => {
    const text = driftAsText(found);
    assert.ok(
      text.startsWith(`drift: dev, 2 resources of 4

1. ${POINT} assets
   what       is deleted (fsap-1)
   lost       The way from the volumes on it to their files, which stay in the
              file system.
   take back  pulumi up --stack dev --refresh makes it anew.
   accept     Take it out of the program or its configuration, then: pulumi
              refresh --stack dev
   who did it
     aws cloudtrail lookup-events --lookup-attributes AttributeKey=ResourceName,`),
      text,
    );
    assert.ok(
      text.endsWith(`CloudTrail has a change after some minutes, for 90 days.

expected, and no drift:
  aws:eks/nodeGroup:NodeGroup n, scalingConfig.desiredSize: 1 → 2. An
    autoscaler sets how many nodes there are, between the smallest and the
    largest number.`),
      text,
    );
    for (const line of text.split("\n").filter((it) => !it.startsWith("     "))) assert.ok(line.length <= 80, line);
  });

  it("is JSON for who reads it by a program", () => {
    const { verdict, exitCode, drifts } = JSON.parse(driftAsJson(found)) as DriftReport & { verdict: string };
    assert.deepEqual([verdict, exitCode, drifts.length], ["drift", 7, 2]);
    assert.deepEqual(drifts, found.drifts);
  });

  it("is Markdown in which names are no marks, mentions or HTML", async () => {
    const html = await marked.parse(driftAsMarkdown(found));
    assert.doesNotMatch(html.replace(/<code>.*?<\/code>/gs, ""), /<img|@team|rm -rf/);
    assert.match(html, /<pre><code>aws cloudtrail lookup-events .*AttributeValue=fsap-1 /);
    assert.match(html, /<strong><code>aws:efs\/accessPoint:AccessPoint<\/code> <code>assets<\/code> is deleted/);
  });

  it("is Markdown that GitHub takes, however much has drifted: deleted things first, and how many are left out", async () => {
    const scaled = (replicas: number) => ({ metadata: { name: "x".repeat(60) }, spec: { replicas } });
    const many = report(
      ...Array.from({ length: 80 }, (_, index) =>
        changed(DEPLOYMENT, `web-${index}-${"x".repeat(60)}`, scaled(1), scaled(2), ["spec.replicas"]),
      ),
      ...Array.from({ length: 120 }, (_, index) =>
        step("delete", state(POINT, `point-${index}`, { id: `fsap-${index}` })),
      ),
    );
    assert.equal(many.drifts.length, 200);
    const page = `${markOf("drift", "dev")}\n${driftAsMarkdown(many)}\n`;
    assert.ok(page.length < 65_536 && page.length > 62_000, String(page.length));
    const [, first, ...lines] = page.split("\n");
    assert.equal(first, "## Drift: `drift: dev, 200 resources of 201`");
    const told = page.match(/^\*\*`.* is (deleted|changed)\*\*$/gm)!;
    const deleted = told.filter((it) => it.endsWith("is deleted**"));
    assert.equal(deleted.length, 120);
    assert.deepEqual(told.slice(0, 120), deleted);
    assert.equal(
      lines.at(-2),
      `**Cut here.** Not shown: ${200 - told.length} of 80 in "Changed: 80". ` +
        "All of it is printed by `npm run drift -- --stack dev`.",
    );
    const html = await marked.parse(page);
    assert.equal(html.match(/<details/g)!.length, html.match(/<\/details>/g)!.length);
    assert.equal(html.match(/<pre>/g)!.length, told.length);
  });

  it("has no more of one resource's changes than a page can hold", () => {
    const all = (value: number) => Object.fromEntries(Array.from({ length: 900 }, (_, index) => [`p${index}`, value]));
    const found = report(changed(DEPLOYMENT, "web", all(1), all(2), Object.keys(all(1))));
    const page = driftAsMarkdown(found);
    assert.equal(page.match(/^- changed /gm)!.length, 21);
    assert.match(page, /^- changed `p0`: `1` → `2`$/m);
    assert.match(page, /^- changed also: 880 more properties$/m);
  });

  it("has commands in which a name is one word to a shell", () => {
    assert.equal(quoted("fs-1"), "fs-1");
    assert.equal(quoted("a b"), "'a b'");
    assert.equal(quoted("$(rm -rf ~)'"), "'$(rm -rf ~)'\\'''");
    assert.match(found.drifts[1]!.who!, /^kubectl get deployment 'x`/);
  });
});
