import assert from "node:assert/strict";
import { evaluate, type Outcome } from "../../policy/policy";
import { policies } from "../../policy/policies";
import { readable, type Resource, Stack, unknown } from "../../policy/stack";

/** A resource of a program; `origins` are the resources that its properties come from. */
function resource(type: string, name: string, props: object, origins: Record<string, Resource> = {}): Resource {
  const propertyDependencies = Object.entries(origins).map(([property, { urn }]) => [property, [urn]]);
  return {
    ...{ urn: `urn:${type}::${name}`, type, name, props: readable(props), outputs: { id: `${name}-id` } },
    ...{ protect: false, parent: "", provider: "", dependencies: [] },
    propertyDependencies: Object.fromEntries(propertyDependencies),
  };
}

/** What a policy finds about the first of a program's resources. */
function evaluated(policy: string, first: Resource, ...others: Resource[]): Outcome {
  const it = policies.find(({ name }) => name === policy)!;
  assert.ok(it.types.includes(first.type), `${policy} isn't about ${first.type}`);
  return evaluate(it, first, new Stack([first, ...others]));
}

const passes = (outcome: Outcome) => assert.deepEqual(outcome, { violations: [] });
const violates = ({ violations, notKnown }: Outcome, expected: RegExp) => {
  assert.equal(notKnown, undefined);
  assert.match(violations.join("\n"), expected);
};
const iamDocument = (...Statement: object[]) => JSON.stringify({ Version: "2012-10-17", Statement });

describe("the policy", () => {
  describe("cluster-api-not-open", () => {
    const api = (...publicAccessCidrs: string[]) =>
      evaluated(
        "cluster-api-not-open",
        resource("eks:index:Cluster", "shop", { endpointPrivateAccess: true, publicAccessCidrs }),
      );
    const open = [
      ["0.0.0.0/0"],
      ["0.0.0.0/1", "128.0.0.0/1"],
      ["8.0.0.0/7"],
      ["::/0"],
      ["2000::/3"],
      ["2000::/15"],
      Array.from({ length: 256 }, (_, first) => `${first}.0.0.0/8`),
    ];
    for (const networks of open) {
      it(`notices ${networks.slice(0, 3).join(", ")}`, () => violates(api(...networks), /publicAccessCidrs has/));
    }
    const closed = [
      ["198.18.113.0/24", "2001:db8::/32"],
      ["19.0.0.0/8", "198.18.113.7/32", "19.1.0.0/16"],
      ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"],
    ];
    for (const networks of closed) it(`passes ${networks.join(", ")}`, () => passes(api(...networks)));
  });

  describe("security-group-not-open", () => {
    const ingress = (props: object) =>
      evaluated(
        "security-group-not-open",
        resource("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "in", props),
      );
    const half = { ipProtocol: "tcp", cidrIpv4: "128.0.0.0/1" };
    it("notices half of the internet", () => violates(ingress({ ...half, fromPort: 22, toPort: 22 }), /port 22/));
    it("notices ports other than those of websites", () =>
      violates(ingress({ ...half, fromPort: 80, toPort: 443 }), /port 80/));
    it("notices what isn't TCP", () =>
      violates(ingress({ ...half, ipProtocol: "udp", fromPort: 443, toPort: 443 }), /port 443/));
    for (const port of [80, 443])
      it(`passes port ${port}`, () => passes(ingress({ ...half, fromPort: port, toPort: port })));
  });

  describe("roles-least-privilege", () => {
    const policy = "roles-least-privilege";
    const allow = (statement: object) =>
      evaluated(
        policy,
        resource("aws:iam/rolePolicy:RolePolicy", "it", { policy: iamDocument({ Effect: "Allow", ...statement }) }),
      );
    const wide: [object, RegExp][] = [
      [{ NotAction: "iam:*", Resource: "*" }, /everything but iam:\*/],
      [{ Action: "S3:*", Resource: "arn:aws:s3:::shop/*" }, /allows S3:\*/],
      [{ Action: "*:*", Resource: "arn:aws:s3:::shop/*" }, /allows \*:\*/],
      [{ Action: "secretsmanager:GetSecretValue", Resource: "*" }, /GetSecretValue on every resource/],
      [{ Action: ["s3:ListBucket", "s3:GetObject"], Resource: "*" }, /allows s3:GetObject on every resource/],
      [{ Action: "s3:GetObject", Resource: "arn:aws:s3:::*" }, /on every resource/],
      [{ Action: "s3:GetObject", Resource: "arn:aws:s3:::*/*" }, /on every resource/],
      [{ Action: "s3:GetObject", NotResource: "arn:aws:s3:::shop/*" }, /on every resource but arn:aws:s3:::shop/],
    ];
    for (const [statement, violation] of wide)
      it(`notices ${JSON.stringify(statement)}`, () => violates(allow(statement), violation));
    const narrow = [
      { Action: ["s3:GetObject", "s3:PutObject*"], Resource: "arn:aws:s3:::shop/*" },
      { Action: ["ec2:DescribeSubnets", "s3:ListBucket", "ECR:GetAuthorizationToken"], Resource: "*" },
      { Action: "logs:PutLogEvents", Resource: "arn:aws:logs:eu-west-1:111101013333:log-group:shop:*" },
      { Effect: "Deny", NotAction: "s3:GetObject", Resource: "*" },
    ];
    for (const statement of narrow) it(`passes ${JSON.stringify(statement)}`, () => passes(allow(statement)));

    const role = (props: object) => evaluated(policy, resource("aws:iam/role:Role", "it", props));
    it("notices the policies of a role itself", () => {
      const inline = iamDocument({ Effect: "Allow", Action: "*", Resource: "*" });
      violates(role({ inlinePolicies: [{ name: "all", policy: inline }] }), /it allows \*/);
      const managedPolicyArns = ["arn:aws:iam::aws:policy/AdministratorAccess"];
      violates(role({ managedPolicyArns }), /attaches .*AdministratorAccess/);
      const policyArns = ["arn:aws-cn:iam::aws:policy/AmazonS3FullAccess"];
      const type = "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive";
      violates(evaluated(policy, resource(type, "it", { policyArns })), /attaches .*AmazonS3FullAccess/);
    });
    it("passes a role's own policies where they are narrow", () => {
      const managedPolicyArns = ["arn:aws:iam::aws:policy/AmazonElasticFileSystemClientFullAccess"];
      const inline = iamDocument({ Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::shop/*" });
      passes(role({ inlinePolicies: [{ name: "read", policy: inline }], managedPolicyArns }));
    });
  });

  const arn = "arn:aws:s3:::shop";
  const deny = {
    Effect: "Deny",
    Principal: "*",
    Action: "s3:*",
    Resource: [arn, `${arn}/*`],
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  };

  describe("bucket-tls-only", () => {
    for (const suffix of ["", "V2"]) {
      const bucket = resource(`aws:s3/bucket${suffix}:Bucket${suffix}`, "shop", { bucket: "shop" });
      const tls = (...statements: object[]) => {
        const props = { bucket: "shop", policy: iamDocument(...statements) };
        return evaluated("bucket-tls-only", bucket, resource("aws:s3/bucketPolicy:BucketPolicy", "shop", props));
      };
      it(`passes Bucket${suffix} whose policy denies everything`, () => {
        passes(tls(deny));
        passes(tls({ ...deny, Action: "S3:*", Resource: "*", Principal: { AWS: "*" } }));
        passes(tls({ ...deny, Condition: { BoolIfExists: { "AWS:securetransport": false } } }));
        passes(tls({ ...deny, Resource: arn }, { ...deny, Resource: `${arn}/*` }));
      });
      const gaps: Record<string, object> = {
        "only one action": { Action: "s3:PutObject" },
        "only its objects": { Resource: arn },
        "only itself": { Resource: `${arn}/*` },
        "everything, always": { Condition: undefined },
        "with a second condition key": {
          Condition: { Bool: { ...deny.Condition.Bool, "aws:ViaAWSService": "false" } },
        },
        "with a second operator": { Condition: { ...deny.Condition, IpAddress: { "aws:SourceIp": "10.0.0.0/8" } } },
        "requests with TLS": { Condition: { Bool: { "aws:SecureTransport": "true" } } },
      };
      for (const [what, gap] of Object.entries(gaps)) {
        it(`notices a policy of Bucket${suffix} that denies ${what}`, () =>
          violates(tls({ ...deny, ...gap }), /doesn't deny everything/));
      }
    }
  });

  it("efs-refuses-plain-transport notices a policy that only denies writing, or has a second condition", () => {
    const type = "aws:efs/fileSystemPolicy:FileSystemPolicy";
    const fileSystem = resource("aws:efs/fileSystem:FileSystem", "shop", {});
    const tls = (change: object) => {
      const statement = { ...deny, Resource: undefined, Action: "*", ...change };
      const props = { fileSystemId: "shop-id", policy: iamDocument(statement) };
      return evaluated("efs-refuses-plain-transport", fileSystem, resource(type, "shop", props));
    };
    passes(tls({}));
    passes(tls({ Action: ["elasticfilesystem:ClientMount"] }));
    violates(tls({ Action: "elasticfilesystem:ClientWrite" }), /denies nothing/);
    violates(
      tls({ Condition: { ...deny.Condition, StringEquals: { "aws:PrincipalType": "User" } } }),
      /denies nothing/,
    );
  });

  it("addons-pinned notices what eks.Cluster looks up", () => {
    const off = { kubeProxyAddonOptions: { enabled: false }, corednsAddonOptions: { enabled: false } };
    const made = (props: object) => evaluated("addons-pinned", resource("eks:index:Cluster", "shop", props));
    passes(made({ useDefaultVpcCni: true, ...off }));
    passes(made({ vpcCniOptions: { addonVersion: "v1.21.1-eksbuild.1" }, ...off }));
    passes(made({ autoMode: { enabled: true } }));
    violates(made(off), /^vpcCniOptions.addonVersion is left out$/);
    violates(made({ useDefaultVpcCni: true }), /^kubeProxyAddonOptions.version .*\ncorednsAddonOptions.version/);
    violates(made({ useDefaultVpcCni: true, ...off, corednsAddonOptions: { enabled: true } }), /^corednsAddonOptions/);
    violates(
      evaluated("addons-pinned", resource("eks:index:VpcCniAddon", "shop", { clusterName: "shop" })),
      /addonVersion is left out/,
    );
  });

  it("network-policies-enforced reads the add-on's configuration, JSON or YAML", () => {
    const cni = (configurationValues?: string) =>
      evaluated(
        "network-policies-enforced",
        resource("aws:eks/addon:Addon", "cni", { addonName: "vpc-cni", configurationValues }),
      );
    for (const values of [
      '{"enableNetworkPolicy":"true"}',
      '{"enableNetworkPolicy":true}',
      'a: 1\nenableNetworkPolicy: "true"',
    ])
      passes(cni(values));
    for (const values of [undefined, "{}", '{"enableNetworkPolicy":"false"}', "# enableNetworkPolicy: true"])
      violates(cni(values), /enableNetworkPolicy is not true/);
  });

  it("cluster-secrets-encrypted passes an unknown key of the stack, and no other", () => {
    const key = resource("aws:kms/key:Key", "secrets", {});
    const props = { encryptionConfigKeyArn: unknown };
    const made = (it: Resource) => evaluated("cluster-secrets-encrypted", it, key);
    passes(made(resource("eks:index:Cluster", "shop", props, { encryptionConfigKeyArn: key })));
    assert.ok(made(resource("eks:index:Cluster", "shop", props)).notKnown);
    violates(made(resource("eks:index:Cluster", "shop", { encryptionConfigKeyArn: "" })), /no key/);
    const config = { encryptionConfig: { provider: { keyArn: unknown }, resources: ["secrets"] } };
    passes(made(resource("aws:eks/cluster:Cluster", "shop", config, { encryptionConfig: key })));
    assert.ok(made(resource("aws:eks/cluster:Cluster", "shop", config)).notKnown);
  });

  describe("efs-mount-target-private", () => {
    const vpc = resource("aws:ec2/vpc:Vpc", "vpc", {});
    const subnet = resource("aws:ec2/subnet:Subnet", "subnet", { vpcId: "vpc-id" });
    const gateway = resource("aws:ec2/internetGateway:InternetGateway", "gateway", {});
    const target = resource("aws:efs/mountTarget:MountTarget", "target", { subnetId: "subnet-id" });
    const result = (...others: Resource[]) =>
      evaluated("efs-mount-target-private", target, vpc, subnet, gateway, ...others);
    const routes = [
      { cidrBlock: "0.0.0.0/0", natGatewayId: "nat-1" },
      { cidrBlock: "0.0.0.0/0", gatewayId: "gateway-id" },
    ];
    const table = (props: object) => resource("aws:ec2/routeTable:RouteTable", "table", props);
    const association = resource("aws:ec2/routeTableAssociation:RouteTableAssociation", "it", {
      subnetId: "subnet-id",
      routeTableId: "table-id",
    });
    const defaultTable = resource(
      "aws:ec2/defaultRouteTable:DefaultRouteTable",
      "default",
      { defaultRouteTableId: "rtb-1", routes },
      { defaultRouteTableId: vpc },
    );

    it("notices a route inside its route table", () => {
      violates(result(table({ routes }), association), /subnet is public/);
      passes(result(table({ routes: routes.slice(0, 1) }), association));
    });
    it("notices a route of the VPC's main route table", () => {
      violates(result(defaultTable), /subnet is public/);
      passes(result(defaultTable, table({ routes: [] }), association));
      const main = "aws:ec2/mainRouteTableAssociation:MainRouteTableAssociation";
      const props = { vpcId: "vpc-id", routeTableId: "table-id" };
      violates(result(table({ routes }), resource(main, "it", props)), /subnet is public/);
      passes(result(table({ routes: [] }), resource(main, "it", props)));
    });
  });

  it("efs-mount-target-per-zone doesn't count unknown zones as one zone", () => {
    const subnets = ["a", "b"].map((name) =>
      resource("aws:ec2/subnet:Subnet", name, { availabilityZoneId: `euw1-${name}` }),
    );
    const group = resource("aws:eks/nodeGroup:NodeGroup", "nodes", { subnetIds: ["a-id", "b-id"] });
    const target = { fileSystemId: "shop-id", subnetId: "a-id" };
    const result = (...made: Resource[]) =>
      evaluated(
        "efs-mount-target-per-zone",
        resource("aws:efs/fileSystem:FileSystem", "shop", {}),
        resource("aws:efs/mountTarget:MountTarget", "a", target),
        group,
        ...made,
      );
    assert.match(result(...subnets).notKnown!, /availability zone of a/);
    const made = subnets.map((it) => ({ ...it, outputs: { ...it.outputs, availabilityZone: `eu-west-1${it.name}` } }));
    violates(result(...made), /there (is|are)/);
  });

  it("nodes-keep-their-role and disk-encrypted notice settings that are left to EKS and to the image", () => {
    const group = (props: object) =>
      evaluated("nodes-keep-their-role", resource("aws:eks/nodeGroup:NodeGroup", "it", props));
    violates(group({}), /no launch template/);
    passes(group({ launchTemplate: { id: "lt-1", version: "1" } }));
    const template = (props: object) =>
      evaluated("disk-encrypted", resource("aws:ec2/launchTemplate:LaunchTemplate", "it", props));
    violates(template({}), /blockDeviceMappings is left out/);
    passes(template({ blockDeviceMappings: [{ deviceName: "/dev/xvda", ebs: { encrypted: "true" } }] }));
  });

  it("no-secret-in-plain-text tells a parameter that holds a secret from one that says where it is", () => {
    const parameter = (name: string, value: string) =>
      evaluated(
        "no-secret-in-plain-text",
        resource("aws:ssm/parameter:Parameter", "it", { name, value, type: "String" }),
      );
    violates(parameter("/shop/db-password", "chosen"), /its type is String/);
    violates(parameter("/shop/db", '{"user":"shop","password":"chosen"}'), /its type is String/);
    violates(parameter("/shop/db", "DB_HOST=db\nDB_PASSWORD=chosen"), /its type is String/);
    passes(
      parameter("/shop/kept", '{"adoptFileSystemId":"fs-11111111","adoptMysqlCredentials":"/shop/catalog-mysql"}'),
    );
    passes(parameter("/shop/kept", '{"credentialsKey":"adoptMysqlCredentials"}'));
    passes(parameter("/shop/db", "secret=arn:aws:secretsmanager:eu-west-1:111101013333:secret:db"));
  });

  it("keys-outlive-data counts parameters as data", () => {
    const parameter = resource("aws:ssm/parameter:Parameter", "password", { keyId: "key-id" });
    const key = (protect: boolean) => ({ ...resource("aws:kms/key:Key", "key", {}), protect });
    violates(evaluated("keys-outlive-data", key(false), parameter), /encrypts password, and is not protected/);
    passes(evaluated("keys-outlive-data", key(true), parameter));
  });
});
