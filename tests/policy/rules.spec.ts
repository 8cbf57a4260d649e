import assert from "node:assert/strict";
import { examine, type Outcome } from "../../policy/rule";
import { rules } from "../../policy/rules";
import { readable, type Resource, Stack } from "../../policy/stack";

/** A resource of some program. What it is told of others it comes from. */
function resource(type: string, name: string, props: object, origins: Record<string, Resource> = {}): Resource {
  const propertyDependencies = Object.entries(origins).map(([property, { urn }]) => [property, [urn]]);
  return {
    ...{ urn: `urn:${type}::${name}`, type, name, props: readable(props), outputs: { id: `${name}-id` } },
    ...{ protect: false, parent: "", provider: "", dependencies: [] },
    propertyDependencies: Object.fromEntries(propertyDependencies),
  };
}

/** What a rule finds about the first of a program's resources. */
function found(rule: string, first: Resource, ...others: Resource[]): Outcome {
  const it = rules.find(({ name }) => name === rule)!;
  assert.ok(it.types.includes(first.type), `${rule} isn't about ${first.type}`);
  return examine(it, first, new Stack([first, ...others]));
}

const passes = (outcome: Outcome) => assert.deepEqual(outcome, { reasons: [] });
const violates = ({ reasons, notKnown }: Outcome, expected: RegExp) => {
  assert.equal(notKnown, undefined);
  assert.match(reasons.join("\n"), expected);
};
const policy = (...Statement: object[]) => JSON.stringify({ Version: "2012-10-17", Statement });

describe("the rule", () => {
  describe("cluster-api-not-open", () => {
    const api = (...publicAccessCidrs: string[]) =>
      found(
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
      ["203.0.113.0/24", "2001:db8::/32"],
      ["19.0.0.0/8", "203.0.113.7/32", "19.1.0.0/16"],
      ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"],
    ];
    for (const networks of closed) it(`passes ${networks.join(", ")}`, () => passes(api(...networks)));
  });

  describe("security-group-not-open", () => {
    const ingress = (props: object) =>
      found(
        "security-group-not-open",
        resource("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "in", props),
      );
    const half = { ipProtocol: "tcp", cidrIpv4: "128.0.0.0/1" };
    it("notices half of the internet", () => violates(ingress({ ...half, fromPort: 22, toPort: 22 }), /port 22/));
    it("notices ports beside those of websites", () =>
      violates(ingress({ ...half, fromPort: 80, toPort: 443 }), /port 80/));
    it("notices what isn't TCP", () =>
      violates(ingress({ ...half, ipProtocol: "udp", fromPort: 443, toPort: 443 }), /port 443/));
    for (const port of [80, 443])
      it(`passes port ${port}`, () => passes(ingress({ ...half, fromPort: port, toPort: port })));
  });

  describe("roles-least-privilege", () => {
    const rule = "roles-least-privilege";
    const allow = (statement: object) =>
      found(
        rule,
        resource("aws:iam/rolePolicy:RolePolicy", "it", { policy: policy({ Effect: "Allow", ...statement }) }),
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
    for (const [statement, reason] of wide)
      it(`notices ${JSON.stringify(statement)}`, () => violates(allow(statement), reason));
    const narrow = [
      { Action: ["s3:GetObject", "s3:PutObject*"], Resource: "arn:aws:s3:::shop/*" },
      { Action: ["ec2:DescribeSubnets", "s3:ListBucket", "ECR:GetAuthorizationToken"], Resource: "*" },
      { Action: "logs:PutLogEvents", Resource: "arn:aws:logs:eu-west-1:111122223333:log-group:shop:*" },
      { Effect: "Deny", NotAction: "s3:GetObject", Resource: "*" },
    ];
    for (const statement of narrow) it(`passes ${JSON.stringify(statement)}`, () => passes(allow(statement)));

    const role = (props: object) => found(rule, resource("aws:iam/role:Role", "it", props));
    it("notices what a role brings along", () => {
      const inline = policy({ Effect: "Allow", Action: "*", Resource: "*" });
      violates(role({ inlinePolicies: [{ name: "all", policy: inline }] }), /it allows \*/);
      const managedPolicyArns = ["arn:aws:iam::aws:policy/AdministratorAccess"];
      violates(role({ managedPolicyArns }), /attaches .*AdministratorAccess/);
      const policyArns = ["arn:aws-cn:iam::aws:policy/AmazonS3FullAccess"];
      const type = "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive";
      violates(found(rule, resource(type, "it", { policyArns })), /attaches .*AmazonS3FullAccess/);
    });
    it("passes a role's own policies where they are narrow", () => {
      const managedPolicyArns = ["arn:aws:iam::aws:policy/AmazonElasticFileSystemClientFullAccess"];
      const inline = policy({ Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::shop/*" });
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
        const props = { bucket: "shop", policy: policy(...statements) };
        return found("bucket-tls-only", bucket, resource("aws:s3/bucketPolicy:BucketPolicy", "shop", props));
      };
      it(`passes Bucket${suffix} whose policy denies everything`, () => {
        passes(tls(deny));
        passes(tls({ ...deny, Action: "S3:*", Resource: "*", Principal: { AWS: "*" } }));
        passes(tls({ ...deny, Condition: { BoolIfExists: { "AWS:securetransport": false } } }));
        passes(tls({ ...deny, Resource: arn }, { ...deny, Resource: `${arn}/*` }));
      });
      const gaps: Record<string, object> = {
        "an action": { Action: "s3:PutObject" },
        "its objects": { Resource: arn },
        itself: { Resource: `${arn}/*` },
        "no condition": { Condition: undefined },
        "a second key": { Condition: { Bool: { ...deny.Condition.Bool, "aws:ViaAWSService": "false" } } },
        "a second operator": { Condition: { ...deny.Condition, IpAddress: { "aws:SourceIp": "10.0.0.0/8" } } },
        "those with TLS": { Condition: { Bool: { "aws:SecureTransport": "true" } } },
      };
      for (const [what, gap] of Object.entries(gaps)) {
        it(`notices a policy of Bucket${suffix} that denies but ${what}`, () =>
          violates(tls({ ...deny, ...gap }), /doesn't deny everything/));
      }
    }
  });

  it("efs-refuses-plain-transport notices a policy that denies but writing, or under a second condition", () => {
    const type = "aws:efs/fileSystemPolicy:FileSystemPolicy";
    const fileSystem = resource("aws:efs/fileSystem:FileSystem", "shop", {});
    const tls = (change: object) => {
      const statement = { ...deny, Resource: undefined, Action: "*", ...change };
      const props = { fileSystemId: "shop-id", policy: policy(statement) };
      return found("efs-refuses-plain-transport", fileSystem, resource(type, "shop", props));
    };
    passes(tls({}));
    passes(tls({ Action: ["elasticfilesystem:ClientMount"] }));
    violates(tls({ Action: "elasticfilesystem:ClientWrite" }), /denies nothing/);
    violates(
      tls({ Condition: { ...deny.Condition, StringEquals: { "aws:PrincipalType": "User" } } }),
      /denies nothing/,
    );
  });
});
