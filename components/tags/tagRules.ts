import { BACKUP_TAG } from "../backup/backupTag";
import type { Violation } from "../checks/violations";

/** How many tags AWS allows on a thing; those that begin with `aws:` don't count. https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html */
const LIMIT = 50;
const LONGEST = { name: 128, value: 256 };

/** IAM, EFS and others allow these alone, as their API references' patterns say; EC2 would allow all. */
const CHARACTERS = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/** What tags are given to. */
export const Tagged = {
  /** What AWS's provider tags by its default tags. */
  Resources: "resources",
  /** Nodes, their root disks and network interfaces, by the launch template. */
  Nodes: "nodes",
  /** Disks and snapshots, by the configuration of the EBS driver. */
  Disks: "disks",
  /** The same disks, by the parameters of their class. */
  DisksOfClass: "disksOfClass",
} as const;
export type Tagged = (typeof Tagged)[keyof typeof Tagged];

interface TaggedThing {
  what: string;
  /** What it gets besides, whoever gives it. */
  others: string[];
  /** Of these, the names under which what the user says is lost. */
  overwritten: string[];
}

const disk: TaggedThing = {
  what: "a disk",
  // Given by the EBS driver: the last three are for the cluster's name, which the EKS add-on tells it.
  // https://github.com/kubernetes-sigs/aws-ebs-csi-driver/blob/master/docs/tagging.md, pkg/driver/constants.go
  others: [
    "CSIVolumeName",
    "ebs.csi.aws.com/cluster",
    "kubernetes.io/created-for/pvc/name",
    "kubernetes.io/created-for/pvc/namespace",
    "kubernetes.io/created-for/pv/name",
    "kubernetes.io/cluster/CLUSTER",
    "KubernetesCluster",
    "Name",
  ],
  overwritten: [],
};

const things: Record<Tagged, TaggedThing> = {
  resources: { what: "a subnet", others: ["Name", "kubernetes.io/role/elb"], overwritten: ["Name"] },
  // Given by EKS to a node group's Auto Scaling group, which hands them on:
  // https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSServiceRoleForAmazonEKSNodegroup.html
  nodes: {
    what: "a node",
    others: [
      "Name",
      "eks:cluster-name",
      "eks:nodegroup-name",
      "k8s.io/cluster-autoscaler/enabled",
      "k8s.io/cluster-autoscaler/CLUSTER",
      "kubernetes.io/cluster/CLUSTER",
    ],
    overwritten: ["Name"],
  },
  disks: disk,
  disksOfClass: disk,
};

/**
 * Tags that the EBS driver gives by itself. Told to give one of them, it doesn't start, and makes no disk of the class.
 * https://github.com/kubernetes-sigs/aws-ebs-csi-driver/blob/master/pkg/driver/validation.go (validateExtraTags)
 */
const RESERVED = /^(kubernetes\.io|ebs\.csi\.aws\.com\/)|^(CSIVolumeName|CSIVolumeSnapshotName)$/;

const quoted = (names: string[]) => names.map((name) => `"${name.slice(0, 40)}"`).join(", ");

/**
 * What is wrong with tags: all of it, so that one `up` doesn't find it after the other. Values that aren't known yet aren't
 * judged.
 *
 * @param of what they are given to, by whom.
 * @param ours tags that are given to all of it as well, such as the program's own.
 */
export function validateTags(
  tags: Record<string, unknown>,
  of: Tagged[],
  ours: string[] = [],
  argument = "tags",
): Violation[] {
  const all = Object.entries(tags);
  const names = Object.keys(tags);
  const violation = (expected: string, fix: string): Violation => ({ argument, expected, actual: tags, fix });
  const found: Violation[] = [];
  const judge = (wrong: string[], expected: string, fix: string) => {
    if (wrong.length > 0) found.push(violation(expected, fix));
  };
  const namesOf = (isWrong: (name: string, value: string) => boolean) =>
    all.filter(([name, value]) => isWrong(name, typeof value === "string" ? value : "")).map(([name]) => name);

  const long = namesOf((name, value) => {
    return /^$|^aws:/i.test(name) || name.length > LONGEST.name || value.length > LONGEST.value;
  });
  judge(
    long,
    `names of 1 to ${LONGEST.name} characters that don't begin with aws:, values of at most ${LONGEST.value}`,
    `Change ${quoted(long)}.`,
  );
  // EC2, which alone gets those of disks and nodes, takes any character, and names that differ in case.
  const seenByAll = of.includes(Tagged.Resources);
  const strange = seenByAll ? namesOf((...texts) => !texts.every((text) => CHARACTERS.test(text))) : [];
  judge(
    strange,
    "letters, digits, spaces and _ . : / = + - @, in names and in values",
    `IAM and EFS refuse others. Change ${quoted(strange)}.`,
  );
  const lower = (name: string) => name.toLowerCase();
  const isSame = (name: string) => names.some((other) => other !== name && lower(other) === lower(name));
  const same = seenByAll ? names.filter(isSame) : [];
  judge(same, "names that differ in more than case", `To IAM these are one tag: ${same.join(", ")}.`);

  const ofDisks = of.includes(Tagged.Disks) || of.includes(Tagged.DisksOfClass);
  const reserved = ofDisks ? names.filter((name) => RESERVED.test(name)) : [];
  judge(
    reserved,
    "tags that the EBS driver doesn't give by itself",
    `It wouldn't start, or makes no disk: remove ${reserved.join(", ")}.`,
  );
  const split = of.includes(Tagged.Disks) && !seenByAll ? namesOf((...texts) => texts.join("").includes(",")) : [];
  judge(split, "names and values without a comma", `The EBS driver's list ends there. Change ${quoted(split)}.`);
  // The driver gets them as one text, `a=1,b=2`, of which it trims the parts:
  // https://github.com/kubernetes/component-base/blob/master/cli/flag/map_string_string.go
  const misread = ofDisks
    ? namesOf((name, value) => name.includes("=") || [name, value].some((it) => it !== it.trim()))
    : [];
  judge(
    misread,
    "names without =, names and values without a space at either end",
    `The EBS driver would give other tags. Change ${quoted(misread)}.`,
  );
  const lost = new Set(of.flatMap((it) => things[it].overwritten));
  const overwritten = names.filter(
    (name) => lost.has(name) || (name === BACKUP_TAG && !of.includes(Tagged.DisksOfClass)),
  );
  judge(
    overwritten,
    "tags that aren't given a value of their own for each thing",
    `What you say would be overwritten on some, and stay on others: remove ${overwritten.join(", ")}.`,
  );
  return [...found, ...validateCount(names, of, ours, violation)];
}

function validateCount(
  names: string[],
  of: Tagged[],
  ours: string[],
  violation: (expected: string, fix: string) => Violation,
): Violation[] {
  const rooms = of.map((it) => {
    const { what, others } = things[it];
    // The class's own tag beside those that the driver is told.
    const given = [...others, ...(it === Tagged.Disks && of.includes(Tagged.Resources) ? [BACKUP_TAG] : [])];
    const isNamed = (own: string) => names.some((name) => name.toLowerCase() === own.toLowerCase());
    const more = [...given.filter((other) => !names.includes(other)), ...ours.filter((own) => !isNamed(own))];
    return { what, more, most: LIMIT - more.length };
  });
  const [least] = rooms.sort((one, other) => one.most - other.most);
  if (!least || names.length <= least.most) return [];
  return [
    violation(
      `at most ${least.most} tags`,
      `AWS allows ${LIMIT} on a thing, and ${least.what} has others: ${least.more.join(", ")}. Remove some.`,
    ),
  ];
}
