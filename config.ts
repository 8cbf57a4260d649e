import { closest } from "fastest-levenshtein";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { ApiAccess, EncryptionKeyOwner, gp3Problems, NatGateways, Retention, smallestDiskInGib } from "./components";

/** One key: what its value must be, in the words of the error message, and the type that says so. */
const key = <T extends z.ZodType>(mustBe: string, type: T) => ({ mustBe, type });

const text = (mustBe = "a text that is not empty", form = /./) => key(mustBe, z.string().regex(form));

const count = (from: number, to: number) =>
  key(
    `a whole number from ${from} to ${to}`,
    z.string().regex(/^\d+$/).transform(Number).pipe(z.number().min(from).max(to)),
  );

/** Lists and records arrive as JSON. */
const json = <T extends z.ZodType>(mustBe: string, type: T) =>
  key(
    mustBe,
    z.preprocess((value) => parsed(value), type),
  );

const roles = json(
  "a list of ARNs of IAM roles, such as [arn:aws:iam::111122223333:role/deployer]",
  z.array(z.string().regex(/^arn:aws:iam::\d{12}:(role|user)\/\S+$/)),
);

const choice = <T extends Record<string, string>>(values: T) =>
  key(`one of ${Object.values(values).join(", ")}`, z.enum(values));

const version = text("an add-on's version, such as v1.64.0-eksbuild.1", /^v\d+\.\d+\.\d+-eksbuild\.\d+$/);

/** By tag, digest or both: what runs must not change by itself. */
const image = text(
  "an image with a tag other than latest, or with a digest, such as public.ecr.aws/docker/library/mysql:8.4.10",
  /^[\w.-]+(:\d+\/[\w.-]+)?(\/[\w.-]+)*(:(?!latest(@|$))\w[\w.-]*(@sha256:[0-9a-f]{64})?|@sha256:[0-9a-f]{64})$/,
);

/** Something that an earlier stack kept, or nothing. */
const kept = (form: RegExp, example: string) =>
  key(
    `like ${example}, or left out`,
    z
      .string()
      .refine((value) => value === "" || form.test(value))
      .transform((value) => value || undefined),
  );

/** Every key of the project, as Pulumi.yaml describes it; the defaults are there. */
const keys = {
  accountId: text("an AWS account id: twelve digits, in quotes", /^\d{12}$/),
  region: text(
    "the name of an AWS region outside China and GovCloud, such as eu-west-1",
    /^(?!cn-|us-gov-)[a-z]{2}(-[a-z]+)+-\d$/,
  ),
  tags: json('tags by name, such as {"team": "web"}', z.record(z.string(), z.string())),
  zones: json("a list of at least two availability zones: EKS wants them", z.array(z.string()).min(2)),
  controlPlaneZones: json("a list of at least two of the zones", z.array(z.string()).min(2)),
  vpcCidr: text("an IPv4 range, such as 10.0.0.0/16", /^[\d.]+\/\d+$/),
  natGateways: choice(NatGateways),
  retention: choice(Retention),
  encryptionKey: choice(EncryptionKeyOwner),
  kubernetesVersion: text('a Kubernetes minor version in quotes, such as "1.35"', /^1\.\d+$/),
  apiAccess: choice(ApiAccess),
  apiAccessCidrs: json("a list of IPv4 networks, such as 203.0.113.0/24", z.array(z.cidrv4())),
  administrators: roles,
  viewers: roles,
  instanceTypes: json(
    "a list of at least one EC2 instance type, none of them Graviton: the nodes' image is for x86",
    z.array(z.string().regex(/^(?![a-z]+\d+g[a-z-]*\.|a1\.)\S+\.\S+$/)).min(1),
  ),
  nodesPerZone: count(1, 100),
  vpcCniVersion: version,
  kubeProxyVersion: version,
  corednsVersion: version,
  podIdentityAgentVersion: version,
  efsCsiDriverVersion: version,
  ebsCsiDriverVersion: version,
  ebsIops: count(3000, 80_000),
  ebsThroughputInMibps: count(125, 2000),
  drainTimeoutInMinutes: count(0, 1440),
  assetsImage: image,
  assetsReplicas: count(1, 1000),
  assetsPath: text(),
  assetsUid: count(1, 4294967295),
  assetsGid: count(1, 4294967295),
  catalogImage: image,
  catalogReplicas: count(1, 1000),
  mysqlImage: image,
  mysqlStorage: text("a size with its unit, such as 20Gi", /^[1-9]\d*[GT]i$/),
  mysqlZone: text(),
  keptEncryptionKeyId: kept(/^[0-9a-f-]{36}$/, "1234abcd-12ab-34cd-56ef-1234567890ab"),
  keptFileSystemId: kept(/^fs-[0-9a-f]+$/, "fs-0123456789abcdef0"),
  keptAssetsAccessPointId: kept(/^fsap-[0-9a-f]+$/, "fsap-0123456789abcdef0"),
  keptMysqlVolumeId: kept(/^vol-[0-9a-f]+$/, "vol-0123456789abcdef0"),
  keptMysqlZone: kept(/^[a-z0-9-]+$/, "eu-west-1a"),
  keptMysqlCredentials: kept(/^\/\S+$/, "/eks-storage-prod/catalog-mysql"),
};

/** The configuration of one stack: parsed, checked, defaulted. */
export type Settings = { [Key in keyof typeof keys]: z.output<(typeof keys)[Key]["type"]> };

/** What one key's value must be in the light of others, where those are right: undefined when it is. */
const rules: [keyof Settings, (settings: Partial<Settings>) => string | false | undefined][] = [
  [
    "zones",
    ({ zones = [], region = "" }) =>
      zones.some((zone) => !zone.startsWith(region)) &&
      `in the region ${region}: ${zones.filter((zone) => !zone.startsWith(region)).join(", ")} lie elsewhere`,
  ],
  [
    "controlPlaneZones",
    ({ controlPlaneZones = [], zones = [] }) =>
      controlPlaneZones.some((zone) => !zones.includes(zone)) &&
      `among the zones, ${zones.join(", ")}: a control plane stays in its zones while the cluster lives`,
  ],
  [
    "mysqlZone",
    ({ mysqlZone = "", zones = [], keptMysqlZone }) =>
      keptMysqlZone === undefined &&
      !zones.includes(mysqlZone) &&
      `one of the zones, ${zones.join(", ")}: a disk can't leave its zone, so without nodes there nobody reaches it`,
  ],
  [
    "ebsIops",
    ({ ebsIops = 3000, mysqlStorage }) =>
      mysqlStorage !== undefined &&
      smallestDiskInGib(ebsIops) > inGib(mysqlStorage) &&
      `at most 500 for each GiB of mysqlStorage, which is ${mysqlStorage}: EC2 makes no such disk`,
  ],
  [
    "ebsThroughputInMibps",
    ({ ebsIops, ebsThroughputInMibps }) =>
      gp3Problems({ iops: ebsIops, throughputInMibps: ebsThroughputInMibps })[0]?.expected,
  ],
  [
    "apiAccessCidrs",
    ({ apiAccess, apiAccessCidrs }) =>
      apiAccess === ApiAccess.Public &&
      apiAccessCidrs?.length === 0 &&
      "the networks that may reach the Kubernetes API, or apiAccess be private",
  ],
  [
    "keptEncryptionKeyId",
    ({ keptEncryptionKeyId, encryptionKey }) =>
      keptEncryptionKeyId !== undefined &&
      encryptionKey === EncryptionKeyOwner.Aws &&
      "left out, or encryptionKey be customer",
  ],
  [
    "keptFileSystemId",
    ({ keptFileSystemId, keptAssetsAccessPointId }) =>
      keptAssetsAccessPointId !== undefined &&
      keptFileSystemId === undefined &&
      "given with keptAssetsAccessPointId: an access point belongs to its file system",
  ],
  [
    "keptMysqlVolumeId",
    ({ keptMysqlVolumeId, keptMysqlZone, keptMysqlCredentials }) => {
      const given = [keptMysqlVolumeId, keptMysqlZone, keptMysqlCredentials].filter((value) => value !== undefined);
      return (
        (given.length === 1 || given.length === 2) &&
        "given together with keptMysqlZone and keptMysqlCredentials: a disk knows its own passwords only"
      );
    },
  ],
  [
    "keptMysqlZone",
    ({ keptMysqlZone, zones }) =>
      keptMysqlZone !== undefined &&
      zones?.includes(keptMysqlZone) === false &&
      `one of the zones, so that a node can reach the disk: ${zones.join(", ")}`,
  ],
];

/**
 * Reads the stack's configuration: the only place that does.
 *
 * @throws pulumi.RunError with every mistake: its key, what it must be, what it is.
 */
export function loadSettings(config: pulumi.Config): Settings {
  const settings: Record<string, unknown> = {};
  const mistakes: string[] = [];
  const mistake = (name: string, mustBe: string) => {
    const found = config.get(name);
    mistakes.push(`${config.name}:${name} must be ${mustBe}; it is ${found === undefined ? "missing" : found || '""'}`);
  };
  for (const [name, { mustBe, type }] of Object.entries(keys)) {
    const result = type.safeParse(config.get(name));
    if (result.success) settings[name] = result.data;
    else mistake(name, mustBe);
  }
  for (const [name, rule] of rules) {
    const mustBe = name in settings && rule(settings);
    if (typeof mustBe === "string") mistake(name, mustBe);
  }
  const prefix = `${config.name}:`;
  for (const name of Object.keys(pulumi.runtime.allConfig()).filter((name) => name.startsWith(prefix))) {
    const known = Object.keys(keys).map((key) => prefix + key);
    if (!known.includes(name))
      mistakes.push(`${name} is no key of this project; the nearest is ${closest(name, known)}`);
  }
  if (mistakes.length === 0) return settings as Settings;
  throw new pulumi.RunError(
    `Pulumi.${pulumi.getStack()}.yaml can't be deployed:\n${mistakes.map((line) => `  - ${line}\n`).join("")}` +
      "Mend a key with: pulumi config set KEY VALUE. Pulumi.yaml describes them all.",
  );
}

/** A size as mysqlStorage has it, in GiB. */
function inGib(size: string): number {
  return parseInt(size) * (size.endsWith("Ti") ? 1024 : 1);
}

function parsed(value: unknown): unknown {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
