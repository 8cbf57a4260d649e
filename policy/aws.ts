import { NotKnown, peek, type Reference, type Resource, type Stack, unknown } from "./stack";

export const FILE_SYSTEM = "aws:efs/fileSystem:FileSystem";
export const MOUNT_TARGET = "aws:efs/mountTarget:MountTarget";
export const REPLICATION = "aws:efs/replicationConfiguration:ReplicationConfiguration";
export const ACCESS_POINT = "aws:efs/accessPoint:AccessPoint";
export const SUBNET = "aws:ec2/subnet:Subnet";
export const SECURITY_GROUP = "aws:ec2/securityGroup:SecurityGroup";
export const INGRESS_RULE = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
export const SECURITY_GROUP_RULE = "aws:ec2/securityGroupRule:SecurityGroupRule";
export const NODE_GROUP = "aws:eks/nodeGroup:NodeGroup";
export const ADDON = "aws:eks/addon:Addon";
export const BUCKET = "aws:s3/bucket:Bucket";
/** The second is the former name of the type; those of its settings were renamed alike. */
export const BUCKETS = [BUCKET, "aws:s3/bucketV2:BucketV2"];
export const KEY = "aws:kms/key:Key";
/** Resources whose ARN stands for a KMS key. */
const KEYS = [KEY, "aws:kms/replicaKey:ReplicaKey", "aws:kms/externalKey:ExternalKey", "aws:kms/alias:Alias"];
export const VAULT = "aws:backup/vault:Vault";
export const SELECTION = "aws:backup/selection:Selection";
export const LAUNCH_TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate";
export const VPC = "aws:ec2/vpc:Vpc";
const ROUTE = "aws:ec2/route:Route";
const ROUTE_TABLE = "aws:ec2/routeTable:RouteTable";
export const DISK = "aws:ebs/volume:Volume";
export const CLUSTER = "aws:eks/cluster:Cluster";
/** The component of `@pulumi/eks`, whose child is the cluster. */
export const CLUSTER_COMPONENT = "eks:index:Cluster";

/**
 * Whether the engine shows the inputs of a component. SDKs before 3.202 send none: https://github.com/pulumi/pulumi/pull/20357.
 * The plugin of `@pulumi/eks` 4.3.0 runs on 3.173, whichever SDK the program has:
 * https://github.com/pulumi/pulumi-eks/blob/v4.3.0/nodejs/eks/yarn.lock
 */
export const showsInputs = ({ props }: Resource): boolean => Object.keys(props as object).length > 0;

export interface Statement {
  Effect: "Allow" | "Deny";
  Principal?: string | Record<string, string | string[]>;
  Action?: string | string[];
  NotAction?: string | string[];
  Resource?: string | string[];
  NotResource?: string | string[];
  Condition?: Record<string, Record<string, string | string[]>>;
}

/** A document that is JSON text or an object; an empty one for text that isn't JSON, which AWS refuses. */
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

/** Whether an action is one of these. IAM ignores the case. */
const isAction = (action: string, ...names: string[]): boolean => names.includes(action.toLowerCase());

/** Whether the only condition is that the request comes without TLS. IAM ignores the case of its key. */
function isWithoutTls(condition: Statement["Condition"]): boolean {
  const tests = Object.entries(condition ?? {}).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, values]) => ({ operator, key: key.toLowerCase(), values: listOf(values) })),
  );
  return (
    tests.length === 1 &&
    tests.every(
      ({ operator, key, values }) =>
        ["Bool", "BoolIfExists"].includes(operator) &&
        key === "aws:securetransport" &&
        values.map(String).includes("false"),
    )
  );
}

/**
 * The statements of a policy that deny some of these actions without TLS:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-securetransport
 */
function denialsWithoutTls(document: unknown, ...actions: string[]): Statement[] {
  return statementsOf(document).filter(
    ({ Effect, Action, Condition, Principal }) =>
      Effect === "Deny" &&
      (Principal === "*" || (typeof Principal === "object" && listOf(Principal["AWS"]).includes("*"))) &&
      listOf(Action).some((it) => isAction(it, "*", ...actions)) &&
      isWithoutTls(Condition),
  );
}

/** Whether a bucket's policy denies every action without TLS, on the bucket and on its objects. */
export function bucketDeniesWithoutTls(document: unknown): boolean {
  const resources = denialsWithoutTls(document, "s3:*").flatMap(({ Resource }) => listOf(Resource));
  return resources.some((it) => it === "*" || resources.includes(`${it}/*`));
}

/** Whether a file system's policy denies mounting without TLS. Its statements are always about the file system. */
export function fileSystemDeniesWithoutTls(document: unknown): boolean {
  const mounts = ["elasticfilesystem:*", "elasticfilesystem:client*", "elasticfilesystem:clientmount"];
  return denialsWithoutTls(document, ...mounts).length > 0;
}

/**
 * The availability zones of the subnets that a reference may be to, as far as they are in the stack.
 *
 * @throws NotKnown for a subnet that names its zone by its id, or leaves it to AWS, until it has been created.
 */
export function zonesOf({ candidates }: Reference): Set<string> {
  return new Set(
    candidates.map(({ name, props, outputs }) => {
      const zone: unknown = props.availabilityZone ?? outputs["availabilityZone"];
      if (typeof zone !== "string") throw new NotKnown(`the availability zone of ${name}`);
      return zone;
    }),
  );
}

/** Whether a file system is the destination of a replication and isn't mounted: it has no mount target. */
export function isReplica(fileSystem: Resource, stack: Stack): boolean {
  const replications = stack.referring(fileSystem, "destination.fileSystemId", REPLICATION);
  return replications.length > 0 && stack.referring(fileSystem, "fileSystemId", MOUNT_TARGET).length === 0;
}

/** Whether a property refers to an internet gateway. */
function isInternetGateway(resource: Resource, path: string, stack: Stack): boolean {
  const gateway = peek(resource.props, path);
  if (gateway === undefined || gateway === null) return false;
  if (typeof gateway === "string" && gateway.startsWith("igw-")) return true;
  return stack.referred(resource, path, "aws:ec2/internetGateway:InternetGateway").candidates.length > 0;
}

/** Whether a route table has a route to an internet gateway, its own or a separate one. */
function routesToInternet(table: Resource, stack: Stack): boolean {
  const routes = peek(table.props, "routes") === undefined ? [] : [...table.props.routes.keys()];
  return (
    routes.some((index) => isInternetGateway(table, `routes.${index}.gatewayId`, stack)) ||
    stack.referring(table, "routeTableId", ROUTE).some((route) => isInternetGateway(route, "gatewayId", stack))
  );
}

/** Whether subnets without a route table of their own are public, by the main route table of their VPC. */
function isPublicByDefault(vpc: Resource, stack: Stack): boolean {
  const isOf = (property: string) => (it: Resource) => it.propertyDependencies[property]?.includes(vpc.urn);
  const tables = stack
    .referring(vpc, "vpcId", "aws:ec2/mainRouteTableAssociation:MainRouteTableAssociation")
    .flatMap((association) => stack.referred(association, "routeTableId", ROUTE_TABLE).candidates);
  const own = stack.all("aws:ec2/defaultRouteTable:DefaultRouteTable").filter(isOf("defaultRouteTableId"));
  return (
    [...tables, ...own].some((table) => routesToInternet(table, stack)) ||
    stack
      .all(ROUTE)
      .filter(isOf("routeTableId"))
      .some((route) => isInternetGateway(route, "gatewayId", stack))
  );
}

/** Whether a subnet is public: it has a route to an internet gateway, or gives instances public addresses. */
export function isPublic(subnet: Resource, stack: Stack): boolean {
  if (subnet.props.mapPublicIpOnLaunch === true) return true;
  const associations = stack.referring(subnet, "subnetId", "aws:ec2/routeTableAssociation:RouteTableAssociation");
  if (associations.length === 0) {
    return stack.referred(subnet, "vpcId", VPC).candidates.some((vpc) => isPublicByDefault(vpc, stack));
  }
  return associations
    .flatMap((association) => stack.referred(association, "routeTableId", ROUTE_TABLE).candidates)
    .some((table) => routesToInternet(table, stack));
}

/** A cluster's settings, the same for both types of cluster. */
export interface ClusterSettings {
  publicAccess: boolean;
  privateAccess: boolean;
  cidrs: string[];
  logs: string[];
  encryptsSecrets: boolean;
  isProtected: boolean;
}

/** The settings of a cluster; none for a component whose child cluster is checked itself. */
export function clusterSettings(resource: Resource, stack: Stack): ClusterSettings | undefined {
  const { type, props } = resource;
  if (type === CLUSTER_COMPONENT && stack.all(CLUSTER).some((it) => stack.ancestors(it).includes(resource))) return;
  const access = type === CLUSTER ? (props.vpcConfig ?? {}) : props;
  return {
    // Getters: a value that isn't known must not fail the policies that don't read it.
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
      const path = type === CLUSTER ? "encryptionConfig.provider.keyArn" : "encryptionConfigKeyArn";
      const key = peek(props, path);
      // An ARN that isn't known yet is that of a key of this stack, or can't be checked.
      if (key === unknown) return stack.referred(resource, path, ...KEYS).candidates.length > 0;
      return typeof key === "string" && key !== "";
    },
    get isProtected() {
      return props.deletionProtection === true;
    },
  };
}
