import { peek, type Reference, type Resource, type Stack } from "./stack";

export const FILE_SYSTEM = "aws:efs/fileSystem:FileSystem";
export const MOUNT_TARGET = "aws:efs/mountTarget:MountTarget";
export const REPLICATION = "aws:efs/replicationConfiguration:ReplicationConfiguration";
export const ACCESS_POINT = "aws:efs/accessPoint:AccessPoint";
export const SUBNET = "aws:ec2/subnet:Subnet";
export const SECURITY_GROUP = "aws:ec2/securityGroup:SecurityGroup";
export const INGRESS_RULE = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
export const OLD_RULE = "aws:ec2/securityGroupRule:SecurityGroupRule";
export const NODE_GROUP = "aws:eks/nodeGroup:NodeGroup";
export const ADDON = "aws:eks/addon:Addon";
export const BUCKET = "aws:s3/bucket:Bucket";
export const KEY = "aws:kms/key:Key";
export const VAULT = "aws:backup/vault:Vault";
export const SELECTION = "aws:backup/selection:Selection";
export const LAUNCH_TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate";
export const DISK = "aws:ebs/volume:Volume";
export const CLUSTER = "aws:eks/cluster:Cluster";
/** The component of `@pulumi/eks`: its own plugin makes the cluster, as its child. */
export const CLUSTER_COMPONENT = "eks:index:Cluster";

export interface Statement {
  Effect: "Allow" | "Deny";
  Principal?: string | Record<string, string | string[]>;
  Action?: string | string[];
  Resource?: string | string[];
  Condition?: Record<string, Record<string, string | string[]>>;
}

/** A document that is written as JSON, or as it is; of what is no JSON, which AWS refuses, nothing. */
export function parsed(document: unknown): any {
  if (typeof document !== "string") return document ?? {};
  try {
    return JSON.parse(document);
  } catch {
    return {};
  }
}

/** The statements of a policy document. */
export function statementsOf(document: unknown): Statement[] {
  return listOf<Statement>((parsed(document) as { Statement?: Statement[] }).Statement);
}

export const listOf = <T>(value: T | T[] | undefined): T[] => (value === undefined ? [] : ([value].flat() as T[]));

/** Whether a policy refuses whoever comes without TLS: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-securetransport */
export function refusesPlainTransport(document: unknown): boolean {
  return statementsOf(document).some(
    ({ Effect, Condition, Principal }) =>
      Effect === "Deny" &&
      (Principal === "*" || (typeof Principal === "object" && listOf(Principal["AWS"]).includes("*"))) &&
      listOf(Condition?.["Bool"]?.["aws:SecureTransport"]).map(String).includes("false"),
  );
}

/** The availability zones that subnets of a reference may be in; of subnets outside the stack nothing is known. */
export function zonesOf({ among }: Reference): Set<string> {
  return new Set(among.map(({ props }) => props.availabilityZone as string));
}

/** Whether a file system is the copy of another, and nobody mounts it before it takes that one's place. */
export function isReplica(fileSystem: Resource, stack: Stack): boolean {
  const copied = stack.referring(fileSystem, "destination.fileSystemId", REPLICATION);
  return copied.length > 0 && stack.referring(fileSystem, "fileSystemId", MOUNT_TARGET).length === 0;
}

/** Whether a route leads from the internet into a subnet. */
export function isPublic(subnet: Resource, stack: Stack): boolean {
  if (subnet.props.mapPublicIpOnLaunch === true) return true;
  const tables = stack
    .referring(subnet, "subnetId", "aws:ec2/routeTableAssociation:RouteTableAssociation")
    .flatMap((association) => stack.referred(association, "routeTableId", "aws:ec2/routeTable:RouteTable").among);
  const routes = tables.flatMap((table) => stack.referring(table, "routeTableId", "aws:ec2/route:Route"));
  return routes.some((route) => {
    const gateway = peek(route.props, "gatewayId");
    if (gateway === undefined) return false;
    if (typeof gateway === "string" && gateway.startsWith("igw-")) return true;
    return stack.referred(route, "gatewayId", "aws:ec2/internetGateway:InternetGateway").among.length > 0;
  });
}

/** What a cluster is asked to be, in the words of the EKS API, whichever way it is made. */
export interface ClusterSettings {
  publicAccess: boolean;
  privateAccess: boolean;
  cidrs: string[];
  logs: string[];
  encryptsSecrets: boolean;
  isProtected: boolean;
}

/** Nothing for a component whose cluster is looked at by itself. */
export function clusterSettings(resource: Resource, stack: Stack): ClusterSettings | undefined {
  const { type, props } = resource;
  if (type === CLUSTER_COMPONENT && stack.all(CLUSTER).some((it) => stack.ancestors(it).includes(resource))) return;
  const access = type === CLUSTER ? (props.vpcConfig ?? {}) : props;
  return {
    // A getter each, so that what one rule needs and isn't known leaves the others alone.
    get publicAccess() {
      return access.endpointPublicAccess !== false;
    },
    get privateAccess() {
      return access.endpointPrivateAccess === true;
    },
    get cidrs() {
      return [...(access.publicAccessCidrs ?? [])] as string[];
    },
    get logs() {
      return [...(props.enabledClusterLogTypes ?? [])] as string[];
    },
    get encryptsSecrets() {
      const path = type === CLUSTER ? "encryptionConfig" : "encryptionConfigKeyArn";
      return peek(props, path) !== undefined;
    },
    get isProtected() {
      return props.deletionProtection === true;
    },
  };
}
