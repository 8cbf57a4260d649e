import { NotKnown, peek, type Reference, type Resource, type Stack, unknown } from "./stack";

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
/** The second is its former name, as that of whatever is set of it. */
export const BUCKETS = [BUCKET, "aws:s3/bucketV2:BucketV2"];
export const KEY = "aws:kms/key:Key";
/** Whatever else has a KMS key's ARN. */
const KEYS = [KEY, "aws:kms/replicaKey:ReplicaKey", "aws:kms/externalKey:ExternalKey", "aws:kms/alias:Alias"];
export const VAULT = "aws:backup/vault:Vault";
export const SELECTION = "aws:backup/selection:Selection";
export const LAUNCH_TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate";
export const VPC = "aws:ec2/vpc:Vpc";
const ROUTE = "aws:ec2/route:Route";
const ROUTE_TABLE = "aws:ec2/routeTable:RouteTable";
export const DISK = "aws:ebs/volume:Volume";
export const CLUSTER = "aws:eks/cluster:Cluster";
/** The component of `@pulumi/eks`: its own plugin makes the cluster, as its child. */
export const CLUSTER_COMPONENT = "eks:index:Cluster";

export interface Statement {
  Effect: "Allow" | "Deny";
  Principal?: string | Record<string, string | string[]>;
  Action?: string | string[];
  NotAction?: string | string[];
  Resource?: string | string[];
  NotResource?: string | string[];
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

/** Whether an action is one of these, in whatever case: IAM ignores it. */
const isAction = (action: string, ...names: string[]): boolean => names.includes(action.toLowerCase());

/** Whether a condition is that there is no TLS, and nothing else. Its key may be in any case. */
function isPlainTransport(condition: Statement["Condition"]): boolean {
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

/** The statements of a policy that refuse whoever comes without TLS some of these actions: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-securetransport */
function denialsOfPlainTransport(document: unknown, ...actions: string[]): Statement[] {
  return statementsOf(document).filter(
    ({ Effect, Action, Condition, Principal }) =>
      Effect === "Deny" &&
      (Principal === "*" || (typeof Principal === "object" && listOf(Principal["AWS"]).includes("*"))) &&
      listOf(Action).some((it) => isAction(it, "*", ...actions)) &&
      isPlainTransport(Condition),
  );
}

/** Whether a bucket's policy refuses whoever comes without TLS everything, to the bucket and to its objects. */
export function bucketRefusesPlainTransport(document: unknown): boolean {
  const resources = denialsOfPlainTransport(document, "s3:*").flatMap(({ Resource }) => listOf(Resource));
  return resources.some((it) => it === "*" || resources.includes(`${it}/*`));
}

/** Whether a file system's policy refuses to be mounted without TLS. It is about no other resource. */
export function refusesPlainTransport(document: unknown): boolean {
  const mounts = ["elasticfilesystem:*", "elasticfilesystem:client*", "elasticfilesystem:clientmount"];
  return denialsOfPlainTransport(document, ...mounts).length > 0;
}

/**
 * The availability zones that subnets of a reference may be in; of subnets outside the stack nothing is known.
 *
 * @throws NotKnown of a subnet that names its zone by its id, or leaves it to AWS, until it has been made.
 */
export function zonesOf({ among }: Reference): Set<string> {
  return new Set(
    among.map(({ name, props, outputs }) => {
      const zone: unknown = props.availabilityZone ?? outputs["availabilityZone"];
      if (typeof zone !== "string") throw new NotKnown(`the availability zone of ${name}`);
      return zone;
    }),
  );
}

/** Whether a file system is the copy of another, and nobody mounts it before it takes that one's place. */
export function isReplica(fileSystem: Resource, stack: Stack): boolean {
  const copied = stack.referring(fileSystem, "destination.fileSystemId", REPLICATION);
  return copied.length > 0 && stack.referring(fileSystem, "fileSystemId", MOUNT_TARGET).length === 0;
}

/** Whether something at a path of a route is the gateway that the internet comes through. */
function isInternetGateway(resource: Resource, path: string, stack: Stack): boolean {
  const gateway = peek(resource.props, path);
  if (gateway === undefined || gateway === null) return false;
  if (typeof gateway === "string" && gateway.startsWith("igw-")) return true;
  return stack.referred(resource, path, "aws:ec2/internetGateway:InternetGateway").among.length > 0;
}

/** Whether a route table, or a route that is added to it, leads to the internet. */
function leadsToInternet(table: Resource, stack: Stack): boolean {
  const routes = peek(table.props, "routes") === undefined ? [] : [...table.props.routes.keys()];
  return (
    routes.some((place) => isInternetGateway(table, `routes.${place}.gatewayId`, stack)) ||
    stack.referring(table, "routeTableId", ROUTE).some((route) => isInternetGateway(route, "gatewayId", stack))
  );
}

/** Whether a VPC's subnets that have no route table of their own are reached from the internet. */
function isPublicByDefault(vpc: Resource, stack: Stack): boolean {
  const isOf = (property: string) => (it: Resource) => it.propertyDependencies[property]?.includes(vpc.urn);
  const tables = stack
    .referring(vpc, "vpcId", "aws:ec2/mainRouteTableAssociation:MainRouteTableAssociation")
    .flatMap((association) => stack.referred(association, "routeTableId", ROUTE_TABLE).among);
  const own = stack.all("aws:ec2/defaultRouteTable:DefaultRouteTable").filter(isOf("defaultRouteTableId"));
  return (
    [...tables, ...own].some((table) => leadsToInternet(table, stack)) ||
    stack
      .all(ROUTE)
      .filter(isOf("routeTableId"))
      .some((route) => isInternetGateway(route, "gatewayId", stack))
  );
}

/** Whether a route leads from the internet into a subnet. */
export function isPublic(subnet: Resource, stack: Stack): boolean {
  if (subnet.props.mapPublicIpOnLaunch === true) return true;
  const associations = stack.referring(subnet, "subnetId", "aws:ec2/routeTableAssociation:RouteTableAssociation");
  if (associations.length === 0) {
    return stack.referred(subnet, "vpcId", VPC).among.some((vpc) => isPublicByDefault(vpc, stack));
  }
  return associations
    .flatMap((association) => stack.referred(association, "routeTableId", ROUTE_TABLE).among)
    .some((table) => leadsToInternet(table, stack));
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
      const path = type === CLUSTER ? "encryptionConfig.provider.keyArn" : "encryptionConfigKeyArn";
      const key = peek(props, path);
      // A key of this stack will have an ARN; of anything else nothing is known.
      if (key === unknown) return stack.referred(resource, path, ...KEYS).among.length > 0;
      return typeof key === "string" && key !== "";
    },
    get isProtected() {
      return props.deletionProtection === true;
    },
  };
}
