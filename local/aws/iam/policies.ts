import { type AwsRecord, token } from "../records";

/** How a node mounts a file system. */
export interface Mount {
  fileSystem: string;
  accessPoint?: string;
  /** The mount option `iam`: the client signs as the role of the driver's node pods, instead of being anonymous. */
  iam: boolean;
  encrypted: boolean;
}

export interface Statement {
  Effect: "Allow" | "Deny";
  Action: string | string[];
  Resource?: string | string[];
  Principal: string | { AWS?: string | string[]; Service?: string | string[] };
  Condition?: Record<string, Record<string, string | boolean>>;
}

export const list = <T>(value: T | T[] | undefined): T[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value];

/** Of a policy as text, or as the object that the SDK takes too. */
export const statementsOf = (policy: unknown) =>
  list(
    ((typeof policy === "string" ? JSON.parse(policy) : policy) as { Statement: Statement | Statement[] }).Statement,
  );

/**
 * The names of the roles that Pod Identity gives to pods of a service account: associated with it, there, and trusting it.
 * https://docs.aws.amazon.com/eks/latest/userguide/pod-id-role.html
 */
export function rolesOf(serviceAccount: string, records: AwsRecord[]): string[] {
  const of = (type: string) => records.filter((record) => record.type === token(type));
  const arns = of("eks/podIdentityAssociation")
    .filter(({ properties }) => properties.serviceAccount === serviceAccount)
    .map(({ properties }) => properties.roleArn);
  const trusts = ({ Effect, Principal, Action }: Statement) =>
    Effect === "Allow" &&
    typeof Principal === "object" &&
    list(Principal.Service).includes("pods.eks.amazonaws.com") &&
    ["sts:AssumeRole", "sts:TagSession"].every((action) => list(Action).includes(action));
  return of("iam/role")
    .filter(({ properties }) => arns.includes(properties.arn))
    .filter(({ properties }) => statementsOf(properties.assumeRolePolicy).some(trusts))
    .map(({ id }) => id);
}

/** AWS's own policies that let a role mount: https://docs.aws.amazon.com/efs/latest/ug/security-iam-awsmanpol.html */
const CLIENT_POLICY = /\/AmazonElasticFileSystemClient(FullAccess|ReadWriteAccess|ReadOnlyAccess)$/;

/**
 * Whether EFS lets a client mount. Without a policy of its own a file system is open to whoever reaches it; with one,
 * to whom the policy or the client's role allows it.
 * https://docs.aws.amazon.com/efs/latest/ug/iam-access-control-nfs-efs.html
 */
export function mayMount({ fileSystem, accessPoint, iam, encrypted }: Mount, records: AwsRecord[]): boolean {
  const of = (type: string) => records.filter((record) => record.type === token(type));
  const policy = of("efs/fileSystemPolicy").find(({ properties }) => properties.fileSystemId === fileSystem);
  if (!policy) return true;
  const association = of("eks/podIdentityAssociation").find(
    ({ properties }) => properties.serviceAccount === "efs-csi-node-sa",
  );
  const role = iam ? String(association?.properties.roleArn) : undefined;
  const isRoleAllowed = of("iam/rolePolicyAttachment").some(
    ({ properties }) =>
      role?.endsWith(`/${String(properties.role)}`) && CLIENT_POLICY.test(String(properties.policyArn)),
  );

  const context: Record<string, unknown> = {
    "aws:SecureTransport": encrypted,
    "elasticfilesystem:AccessedViaMountTarget": true,
    "elasticfilesystem:AccessPointArn": of("efs/accessPoint").find(({ id }) => id === accessPoint)?.properties.arn,
  };
  const isMet = (key: string, value: unknown) => String(context[key]) === String(value);
  const statements = statementsOf(policy.properties.policy);
  const says = (effect: Statement["Effect"]) =>
    statements.some(({ Effect, Action, Principal, Condition = {} }) => {
      const who = typeof Principal === "string" ? [Principal] : list(Principal.AWS);
      return (
        Effect === effect &&
        who.some((principal) => principal === "*" || principal === role) &&
        list(Action).some((action) => covers(action, "elasticfilesystem:ClientMount")) &&
        Object.values(Condition).every((keys) => Object.entries(keys).every(([key, value]) => isMet(key, value)))
      );
    });
  return !says("Deny") && (says("Allow") || isRoleAllowed);
}

/** Whether an action of a policy, which may end in a star, covers another. */
export const covers = (action: string, other: string) =>
  action.endsWith("*") ? other.startsWith(action.slice(0, -1)) : action === other;

/**
 * Whether the EBS driver's controller may use a customer's key, which it must to make a disk from a snapshot and to attach
 * one; AWS's own key, which has no ARN here, everybody may use.
 * https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption-requirements.html#ebs-encryption-permissions
 */
export function mayUseKey(kmsKeyArn: string | undefined, records: AwsRecord[]): boolean {
  if (kmsKeyArn === undefined) return true;
  const roles = rolesOf("ebs-csi-controller-sa", records);
  const statements = records
    .filter(({ type, properties }) => type === token("iam/rolePolicy") && roles.includes(String(properties.role)))
    .flatMap(({ properties }) => statementsOf(properties.policy));
  const allows = (needed: string) =>
    statements.some(
      ({ Effect, Action, Resource }) =>
        Effect === "Allow" && list(Resource).includes(kmsKeyArn) && list(Action).some((it) => covers(it, needed)),
    );
  return ["kms:Decrypt", "kms:CreateGrant"].every(allows);
}
