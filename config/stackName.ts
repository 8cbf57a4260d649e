import type { Violation } from "../components/checks/violations";
import { EncryptionKeyOwner } from "../components/kms/encryptionKeyOwner";
import { AssetsStorage } from "../components/workloads/assetsStorage";
import type { Settings } from "./keys";

/** What a stack's resources are named after, where nothing is written down: what `pulumi stack rename` changes. */
export const nameOf = (project: string, environment: string): string => `${project}-${environment}`;

export const assetsNameOf = (name: string): string => `${name}-assets`;
export const replicaNameOf = (name: string): string => `${name}-replica`;
export const bucketNameOf = (name: string, accountId: string): string => `${assetsNameOf(name)}-${accountId}`;

/** What the AWS provider puts after a resource's name where the program gives none: a dash and seven digits. */
const named = (resource: string) => `${resource}-1a2b3c4`;

/** What AWS takes as a name. */
interface Limit {
  longest: number;
  form: RegExp;
  /** The form in words. */
  characters: string;
}

const WORD = { form: /^[0-9A-Za-z][\w-]*$/, characters: "letters, digits, - and _" };

/**
 * The kinds of things that are named after the stack and whose names can become too long; other names may have 100
 * characters more.
 */
const LIMITS = {
  // https://docs.aws.amazon.com/aws-backup/latest/devguide/API_CreateBackupVault.html; its plan has the same name and limit.
  "AWS Backup vault": { longest: 50, ...WORD },
  // https://docs.aws.amazon.com/efs/latest/ug/API_CreateFileSystem.html
  "EFS creation token": { longest: 64, form: /./, characters: "any" },
  // https://docs.aws.amazon.com/eks/latest/userguide/create-managed-node-group.html
  "EKS node group": { longest: 63, ...WORD },
  // https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
  "IAM role": { longest: 64, form: /^[\w+=,.@-]+$/, characters: "letters, digits and _ + = , . @ -" },
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
  "S3 bucket": { longest: 63, form: /^[a-z0-9][a-z0-9-]*$/, characters: "lower-case letters, digits and -" },
} satisfies Record<string, Limit>;

type Kind = keyof typeof LIMITS;

/** What a stack's derived names depend on. */
export const NAMING = [
  ...(["name", "accountId", "zones", "encryptionKey", "efsReplicaRegion", "assetsStorage", "roleNamePrefix"] as const),
  ...(["existingVpcId", "existingClusterName", "existingFileSystemId", "existingBucketName"] as const),
  ...([
    "adoptFileSystemId",
    "adoptReplicaFileSystemId",
    "adoptBackupVault",
    "adoptBackupRole",
    "adoptBucketName",
  ] as const),
] as const;

type Naming = Pick<Settings, (typeof NAMING)[number]>;

/** The names of what a stack makes, by kind: those that are the longest, and all roles. Another name's letters count alike. */
export function derivedNames(settings: Naming, name: string): Record<Kind, string[]> {
  const only = (condition: boolean, ...names: string[]) => (condition ? names : []);
  const isMissing = (...keys: (keyof Naming)[]) => keys.every((key) => settings[key] === undefined);
  // With a customer's key a file system has another name, which makes it another file system.
  const fileSystem = (of: string) =>
    named(settings.encryptionKey === EncryptionKeyOwner.Customer ? `${of}-customer-key` : of);
  const isCopied = settings.efsReplicaRegion !== undefined && isMissing("adoptReplicaFileSystemId");
  const ownsCluster = isMissing("existingClusterName");
  const onS3 = settings.assetsStorage === AssetsStorage.S3;
  return {
    "AWS Backup vault": only(isMissing("adoptBackupVault"), name),
    "EFS creation token": [
      ...only(isMissing("existingFileSystemId", "adoptFileSystemId"), fileSystem(name)),
      ...only(isCopied, fileSystem(replicaNameOf(name))),
    ],
    "EKS node group": only(ownsCluster, ...settings.zones.map((zone) => named(`${name}-${zone}`))),
    // What begins with a prefix is cut to what fits (components/iam/roleRules.ts).
    "IAM role": isMissing("roleNamePrefix")
      ? [
          ...only(isMissing("existingVpcId"), named(`${name}-flow-logs`)),
          // The second is the eks package's own name of the cluster's role.
          ...only(ownsCluster, named(`${name}-nodes`), named(`${name}-eksRole-role`)),
          ...only(isMissing("adoptBackupRole"), named(`${name}-backup`)),
        ]
      : [],
    "S3 bucket": only(
      onS3 && isMissing("existingBucketName", "adoptBucketName"),
      bucketNameOf(name, settings.accountId),
    ),
  };
}

/** What is wrong with the name of a stack: with what it grows to in the given configuration. */
export function validateStackName(settings: Naming, project: string, environment: string): Violation[] {
  const name = settings.name ?? nameOf(project, environment);
  const names = Object.entries(derivedNames(settings, name)) as [Kind, string[]][];
  const found = names.flatMap(([kind, all]) => {
    const longest = [...all].sort((one, other) => other.length - one.length)[0];
    return longest === undefined ? [] : [{ kind, derived: longest, ...LIMITS[kind] }];
  });
  const tooLong = found.filter(({ derived, longest }) => derived.length > longest);
  const malformed = found.filter(({ derived, form }) => !form.test(derived));
  const actual = settings.name ?? `${name}, after project and stack`;
  const violation = (expected: string, refused: string[]): Violation => ({
    argument: "name",
    expected,
    actual,
    fix: `AWS takes no ${refused.join(", no ")}. Set another name before the first up: pulumi config set name NAME`,
  });
  const most = Math.min(...tooLong.map(({ derived, longest }) => longest - (derived.length - name.length)));
  const told = tooLong.map((it) => `${it.kind} ${it.derived} (${it.derived.length} characters, at most ${it.longest})`);
  const forms = malformed.map(({ kind, derived, characters }) => `${kind} ${derived} (${characters})`);
  return [
    ...(told.length > 0 ? [violation(`at most ${most} characters here`, told)] : []),
    ...(forms.length > 0 ? [violation("of characters that AWS takes", forms)] : []),
  ];
}
