import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { ApiAccess, NatGateways, Retention } from "./components";

const text = z.string().min(1);
const list = z.preprocess(parsed, z.array(text));
const count = (from: number, to: number) => z.coerce.number().int().min(from).max(to);

/** Something that an earlier stack kept, or nothing. */
const kept = (form: RegExp, example: string) =>
  z
    .string()
    .refine((value) => value === "" || form.test(value), `must be like ${example}, or left out`)
    .transform((value) => value || undefined);

/** Every key of the project: its shape and its bounds. Pulumi.yaml describes them and holds the defaults. */
const schema = z
  .strictObject({
    accountId: z.string().regex(/^\d{12}$/, "must be an AWS account id: twelve digits, in quotes"),
    region: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, "must be the name of an AWS region, such as eu-west-1"),
    tags: z.preprocess(parsed, z.record(z.string(), z.string(), 'must be tags by name, such as {"team": "web"}')),
    zones: z.preprocess(parsed, z.array(text).min(2, "must name at least two availability zones: EKS wants them")),
    vpcCidr: text,
    natGateways: z.enum(NatGateways),
    retention: z.enum(Retention),
    kubernetesVersion: z.string().regex(/^1\.\d+$/, 'must be a Kubernetes minor version in quotes, such as "1.35"'),
    apiAccess: z.enum(ApiAccess),
    apiAccessCidrs: z.preprocess(parsed, z.array(z.cidrv4("must be IPv4 networks, such as 203.0.113.0/24"))),
    administrators: list,
    viewers: list,
    instanceTypes: list,
    nodesPerZone: count(1, 100),
    vpcCniVersion: text,
    kubeProxyVersion: text,
    corednsVersion: text,
    podIdentityAgentVersion: text,
    efsCsiDriverVersion: text,
    ebsCsiDriverVersion: text,
    drainTimeoutInMinutes: count(0, 1440),
    assetsImage: text,
    assetsReplicas: count(1, 1000),
    assetsPath: text,
    assetsUid: count(1, 4294967295),
    assetsGid: count(1, 4294967295),
    catalogImage: text,
    catalogReplicas: count(1, 1000),
    mysqlImage: text,
    mysqlStorage: z.string().regex(/^[1-9]\d*[GT]i$/, "must be a size with its unit, such as 20Gi"),
    keptFileSystemId: kept(/^fs-[0-9a-f]+$/, "fs-0123456789abcdef0"),
    keptAssetsAccessPointId: kept(/^fsap-[0-9a-f]+$/, "fsap-0123456789abcdef0"),
    keptMysqlVolumeId: kept(/^vol-[0-9a-f]+$/, "vol-0123456789abcdef0"),
    keptMysqlZone: kept(/^[a-z0-9-]+$/, "eu-west-1a"),
    keptMysqlCredentials: kept(/^\/\S+$/, "/eks-storage-prod/catalog-mysql"),
  })
  .superRefine((settings, context) => {
    const mistake = (key: string, message: string) => context.addIssue({ code: "custom", path: [key], message });
    const foreign = settings.zones.filter((zone) => !zone.startsWith(settings.region));
    if (foreign.length > 0) mistake("zones", `must lie in the region ${settings.region}: ${foreign.join(", ")} don't`);
    const disk = [settings.keptMysqlVolumeId, settings.keptMysqlZone, settings.keptMysqlCredentials];
    if (disk.some(Boolean) && !disk.every(Boolean)) {
      mistake(
        "keptMysqlVolumeId",
        "must be given together with keptMysqlZone and keptMysqlCredentials: a disk knows its own passwords only",
      );
    }
    if (settings.keptAssetsAccessPointId && !settings.keptFileSystemId) {
      mistake(
        "keptFileSystemId",
        "must be given with keptAssetsAccessPointId: an access point belongs to its file system",
      );
    }
    if (settings.keptMysqlZone && !settings.zones.includes(settings.keptMysqlZone)) {
      mistake(
        "keptMysqlZone",
        `must be one of the zones, so that a node can reach the disk: ${settings.zones.join(", ")}`,
      );
    }
    if (settings.apiAccess === ApiAccess.Public && settings.apiAccessCidrs.length === 0) {
      mistake("apiAccessCidrs", "must name the networks that may reach the Kubernetes API, or apiAccess be private");
    }
  });

/** The configuration of one stack: parsed, checked, defaulted. */
export type Settings = z.infer<typeof schema>;

/**
 * Reads the stack's configuration: the only place that does.
 *
 * @throws pulumi.RunError with every mistake: its key, what it must be, what it is.
 */
export function loadSettings(config: pulumi.Config): Settings {
  const raw = Object.fromEntries(Object.keys(schema.shape).map((key) => [key, config.get(key)]));
  const result = schema.safeParse(raw);
  if (result.success) return result.data;
  const lines = result.error.issues.map(({ path, message }) => {
    const key = String(path[0]);
    const found = raw[key] === undefined ? "it is missing" : `it is ${raw[key]}`;
    return `  - ${config.name}:${key} ${message.replace(/^Invalid input: /, "")}; ${found}`;
  });
  throw new pulumi.RunError(
    `Pulumi.${pulumi.getStack()}.yaml can't be deployed:\n${lines.join("\n")}\n` +
      "Mend a key with: pulumi config set KEY VALUE. Pulumi.yaml describes them all.",
  );
}

/** Lists and records arrive as JSON. */
function parsed(value: unknown): unknown {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
