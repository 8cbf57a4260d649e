import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { DEFAULT_DIRECTORY_PERMISSIONS } from "./directoryPermissions";
import type { PosixIdentity } from "./posixIdentity";
import { isMissing, lookupFix } from "../checks/lookups";
import type { Violation } from "../checks/violations";
import { differing, lookedAt } from "../retention/adoptable";

export const FILE_SYSTEM = "aws:efs/fileSystem:FileSystem";
export const ACCESS_POINT = "aws:efs/accessPoint:AccessPoint";
export const REPLICATION = "aws:efs/replicationConfiguration:ReplicationConfiguration";

const DESCRIBE = "elasticfilesystem:DescribeFileSystems";

/** What AWS can't change of a file system: https://docs.aws.amazon.com/efs/latest/ug/API_CreateFileSystem.html */
const FIXED = "AWS can't change it: it would be another, empty file system.";

/** The checks of a file system that is to be adopted; AWS is asked once. */
export function adoptableFileSystem(
  argument: string,
  performanceMode: string,
  opts: pulumi.InvokeOptions,
  region?: string,
) {
  let found: Partial<aws.efs.GetFileSystemResult> | undefined;
  let isCustomersKey = false;
  /** Who owns the key is part of what is compared. */
  const checkKey = async (keyId: string | undefined): Promise<Violation[]> => {
    if (keyId === undefined) return [];
    try {
      const { keyManager } = await aws.kms.getKey({ keyId, region }, opts);
      isCustomersKey = keyManager === "CUSTOMER";
      return [];
    } catch (error) {
      // AWS's own keys are always there.
      isCustomersKey = isMissing(error);
      if (isCustomersKey) return [];
      const expected = "a file system whose key can be looked at";
      const actual = `${found?.fileSystemId}, encrypted by ${keyId}`;
      return [{ argument, expected, actual, fix: lookupFix("kms:DescribeKey", error) }];
    }
  };
  const find = (fileSystemId: string) => aws.efs.getFileSystem({ fileSystemId, region }, opts);
  /** Whether EFS says so of its protection from being overwritten; where it doesn't exist, {@link check} reports that. */
  const isProtection = async (fileSystemId: string, wanted: string) => {
    const { protections = [] }: Partial<aws.efs.GetFileSystemResult> = await find(fileSystemId).catch(() => ({}));
    return protections.every(({ replicationOverwrite }) => replicationOverwrite === wanted);
  };
  return {
    check: (id: string): Promise<Violation[]> =>
      lookedAt({ argument, what: "a file system", id, region, right: DESCRIBE }, find(id), async (it) => {
        found = it;
        const differs = differing(argument, id, FIXED);
        return [
          ...differs("a file system that is encrypted", it.encrypted, true),
          ...differs(`a file system with the performance mode ${performanceMode}`, it.performanceMode, performanceMode),
          ...differs("a file system in several zones", it.availabilityZoneName || "", ""),
          ...(await checkKey(it.kmsKeyId)),
        ];
      }),
    /**
     * Compares the key. A key that is made now can't have encrypted the files that are there; and a customer's key that the
     * stack doesn't know would be named by nothing that keeps the data.
     */
    compare: ({ kmsKeyId }: Record<string, unknown>): Violation[] => {
      const has = found?.kmsKeyId;
      if (!has || kmsKeyId === has || (kmsKeyId === undefined && !isCustomersKey)) return [];
      const key = pulumi.isUnknown(kmsKeyId) ? "the stack's new key" : ((kmsKeyId ?? "AWS's own key") as string);
      const expected = `a file system that is encrypted by ${key}`;
      return [
        {
          argument,
          expected,
          actual: `${found!.fileSystemId}, encrypted by ${has}`,
          fix: `${FIXED} Adopt its key, too.`,
        },
      ];
    },
    /** Whether EFS replicates to it. */
    isCopiedTo: async (fileSystemId: string | undefined): Promise<boolean> =>
      fileSystemId === undefined || isProtection(fileSystemId, "REPLICATING"),
    /** Whether a replication that is made now may overwrite it. */
    checkOpen: async (fileSystemId: string): Promise<Violation[]> => {
      if (await isProtection(fileSystemId, "DISABLED")) return [];
      const fix =
        "It holds the files of another one: adopt that, too, or leave this out for a new copy. docs/storage.md says how " +
        "a copy is overwritten on purpose.";
      const expected = "a file system whose replication overwrite protection is off, where its source isn't adopted";
      return [{ argument, expected, actual: fileSystemId, fix }];
    },
  };
}

/** Why an access point can't be adopted. It can't change at all: any difference would make another access point. */
export function validateAdoptableAccessPoint(
  argument: string,
  accessPointId: string,
  {
    path,
    identity,
    permissions = DEFAULT_DIRECTORY_PERMISSIONS,
  }: { path: string; identity: PosixIdentity; permissions?: string },
  fileSystemId: string | undefined,
  opts: pulumi.InvokeOptions,
): Promise<Violation[]> {
  const right = "elasticfilesystem:DescribeAccessPoints";
  const named = { argument, what: "an access point", id: accessPointId, right };
  return lookedAt(named, aws.efs.getAccessPoint({ accessPointId }, opts), (found) => {
    const differs = differing(argument, accessPointId, "An access point can't change: it would be another one.");
    const [directory] = found.rootDirectories ?? [];
    const [user] = found.posixUsers ?? [];
    const [made] = (directory as Partial<typeof directory>)?.creationInfos ?? [];
    const of = (it: { uid: number; gid: number } | undefined) => it && `${it.uid}:${it.gid}`;
    return [
      ...differs(`an access point of ${fileSystemId}`, found.fileSystemId, fileSystemId),
      ...differs(`an access point with the path ${path}`, directory?.path, path),
      ...differs(`an access point for the user ${of(identity)}`, of(user), of(identity)),
      ...differs(
        `an access point whose directory is made with the permissions ${permissions}`,
        made?.permissions,
        permissions,
      ),
      ...differs(
        `an access point whose directory is made for ${of(identity)}`,
        made && of({ uid: made.ownerUid, gid: made.ownerGid }),
        of(identity),
      ),
    ];
  });
}
