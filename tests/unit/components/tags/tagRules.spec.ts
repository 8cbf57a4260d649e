import assert from "node:assert/strict";
import { CsiDriver, CsiDriverKind, EbsStorageClass } from "../../../../components/index";
import { Tagged, validateTags } from "../../../../components/tags/tagRules";
import { refused, registered } from "../../../support/queries";

const { Resources, Nodes, Disks, DisksOfClass } = Tagged;
const ALL = [Resources, Nodes, Disks];
const OURS = ["project", "environment"];
const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`tag${index}`, ""]));
const expected = (tags: Record<string, unknown>, of: Tagged[] = ALL, ours = OURS) =>
  validateTags(tags, of, ours).map((it) => `${it.expected}: ${it.fix}`);

/** Tags, to what they are given, and what is said of them. */
const WRONG: [what: string, tags: Record<string, unknown>, of: Tagged[], says: RegExp[]][] = [
  ["names in two cases, one tag to IAM", { Team: "web", team: "web" }, ALL, [/more than case: .*: Team, team\./]],
  ["a letter that IAM doesn't take", { team: "R&D" }, ALL, [/^letters, .* Change "team"/]],
  [
    "a comma, at which the driver's list ends",
    { team: "a,b" },
    [Disks],
    [/^names and values without a comma: .* Change "team"/],
  ],
  ["an equals sign, at which its name ends", { "a=b": "c" }, [Disks], [/without =.* Change "a=b"/]],
  ["a space at an end, which it trims", { " a": "c", b: "c " }, [DisksOfClass], [/space at either end: .* " a", "b"/]],
  ["AWS's own prefix", { "aws:team": "web" }, [Resources], [/don't begin with aws:/]],
  ...["kubernetes.io/x", "ebs.csi.aws.com/cluster", "CSIVolumeName", "CSIVolumeSnapshotName"].map(
    (name): (typeof WRONG)[number] => [`the driver's ${name}`, { [name]: "" }, [Disks], [/EBS driver doesn't give/]],
  ),
  ["the driver's own, in a class", { CSIVolumeName: "" }, [DisksOfClass], [/EBS driver doesn't give/]],
  ...[[Resources], [Nodes], ALL].map((of): (typeof WRONG)[number] => {
    return [`a name that each of ${of.join(", ")} has of its own`, { Name: "a" }, of, [/overwritten.*: remove Name\./]];
  }),
  ["the tag that backups select by", { "eks-storage:backup": "a" }, [Disks], [/remove eks-storage:backup\./]],
  [
    "one mistake of each kind, all at once",
    { ...many(45), "aws:a": "", "b&": "", C: "", c: "", "kubernetes.io/d": "", "e=f": "", Name: "" },
    ALL,
    [/don't begin with aws/, /^letters/, /case/, /doesn't give/, /without =/, /overwritten/, /at most 40 tags/],
  ],
];

/** What isn't wrong, though it looks like it. */
const RIGHT: [what: string, tags: Record<string, unknown>, of: Tagged[]][] = [
  ["a company's Environment, which takes the place of ours", { Environment: "production" }, ALL],
  ["what the driver reserves, on nodes", { "kubernetes.io/x": "", "a=b": " c" }, [Nodes]],
  ["a Name for disks: the driver takes it instead of its own", { Name: "shop" }, [Disks]],
  ["the tag that backups select by, of a class", { "eks-storage:backup": "shop" }, [DisksOfClass]],
  ["a value that isn't known yet", { team: Promise.resolve("R&D") }, ALL],
  ["what EC2 alone gets, in any characters and case", { cost: "R&D", Team: "a", team: "b" }, [Disks, Nodes]],
  ["of a claim's own, as the EBS driver fills them in", { pvc: "{{ .PVCNamespace }}" }, [DisksOfClass]],
  ["strange letters, and an equals sign in a value", { "größe:1/x": "a b=c" }, ALL],
];

describe("tags", () => {
  for (const [what, tags, of, says] of WRONG) {
    it(`aren't ${what}`, () => {
      const found = expected(tags, of);
      assert.equal(found.length, says.length, found.join("\n"));
      says.forEach((it, index) => assert.match(found[index]!, it));
    });
  }

  for (const [what, tags, of] of RIGHT) it(`may be ${what}`, () => assert.deepEqual(expected(tags, of), []));

  // 50 less what is given besides, by whomever.
  const ROOM: [what: string, of: Tagged[], ours: string[], most: number][] = [
    ["a stack: a disk has the driver's eight, the class's, project and environment", ALL, OURS, 39],
    ["the driver's disks: its eight", [Disks], [], 42],
    ["a class's disks: the same eight", [DisksOfClass], [], 42],
    ["nodes: Name, and five of EKS", [Nodes], [], 44],
    ["resources: Name, and a subnet's role", [Resources], [], 48],
  ];
  for (const [what, of, ours, most] of ROOM) {
    it(`are at most ${most} for ${what}`, () => {
      assert.deepEqual(expected(many(most), of, ours), []);
      assert.match(
        expected(many(most + 1), of, ours)[0]!,
        new RegExp(`^at most ${most} tags: AWS allows 50 on a thing`),
      );
    });
  }

  it("of the program's own names don't count twice", () => {
    const renamed = { ...many(39), Environment: "production", project: "shop" };
    assert.deepEqual(expected(renamed), []);
  });

  it("are the same to whoever uses a component", async () => {
    const driver = (tags: Record<string, string>) =>
      new CsiDriver("csi", {
        kind: CsiDriverKind.Ebs,
        clusterName: "shop",
        version: "v1.64.0-eksbuild.1",
        region: "eu-west-1",
        kubeconfig: "{}",
        tags,
      });
    const storageClass = (tags: Record<string, string>) => new EbsStorageClass("ebs", { className: "ebs", tags });
    for (const make of [driver, storageClass]) {
      assert.match(
        await refused(() => make({ CSIVolumeName: "a", "te=am": "web" })),
        /has 2 arguments that can't work/,
      );
      assert.ok((await registered(() => make({ team: "web" }))).length > 1);
    }
  });
});
