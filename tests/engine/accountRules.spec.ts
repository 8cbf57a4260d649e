import assert from "node:assert/strict";
import { controlPolicy } from "../../local/aws/iam/controlPolicies";
import { token } from "../../local/aws/records";
import { inOrder } from "../support/inOrder";
import { effects, LivingStack } from "./living/livingStack";

const ACCOUNT = "111101013333";
const BOUNDARY = `arn:aws:iam::${ACCOUNT}:policy/boundary`;
const ROLE = token("iam/role");

/** What an organization asks of roles: the boundary, and the path. */
const rules = controlPolicy("roles", {
  Version: "2012-10-17",
  Statement: [
    {
      Effect: "Deny",
      Action: ["iam:CreateRole", "iam:AttachRolePolicy", "iam:PutRolePolicy"],
      Resource: "*",
      Condition: { StringNotEquals: { "iam:PermissionsBoundary": BOUNDARY } },
    },
    { Effect: "Deny", Action: "iam:CreateRole", NotResource: "arn:aws:iam::*:role/storage/team-a-*" },
  ],
});
const everything = { Version: "2012-10-17", Statement: { Effect: "Allow", Action: "*", Resource: "*" } };

describe("an account that asks something of roles", function () {
  this.timeout("5m");
  inOrder(this);
  const dev = new LivingStack("dev");
  const roles = () => dev.awsRecords().filter(({ type }) => type === ROLE);
  const asked = {
    rolePermissionsBoundaryArn: BOUNDARY,
    rolePath: "/storage/",
    roleNamePrefix: "team-a-",
  };

  before(async () => {
    await dev.start();
    dev.addToAws("iam/policy", BOUNDARY, { arn: BOUNDARY, policy: JSON.stringify(everything) });
    dev.addToAws("organizations/policy", rules.id, rules.properties);
  });
  after(() => dev.stop());

  it("refuses roles without it, in AWS's words", async () => {
    await assert.rejects(
      dev.up(),
      /AccessDenied: User: \S+ is not authorized to perform: iam:CreateRole on resource: \S+:role\/eks-storage-dev-[\w-]+ with an explicit deny in a service control policy/,
    );
    assert.deepEqual(roles(), []);
  });

  it("takes every role with it, the cluster's as well, and all works within the boundary", async () => {
    await dev.change(asked);
    const found = roles().map(({ id, properties }) => [
      id.slice(0, 7),
      properties.path,
      properties.permissionsBoundary,
    ]);
    assert.ok(found.length >= 6, "of the flow logs, the nodes, backups, three of drivers, and the control plane");
    for (const role of found) assert.deepEqual(role, ["team-a-", "/storage/", BOUNDARY]);
    const [cluster] = dev.awsRecords().filter(({ type }) => type === token("eks/cluster"));
    assert.match(
      String(cluster!.properties.roleArn),
      /^arn:aws:iam::111101013333:role\/storage\/team-a-eks-storage-dev-eks/,
    );
  });

  it("may ask for another path later: roles keep theirs, which is said, and no cluster is replaced", async () => {
    const later = dev.with({ rolePath: "/other/", roleNamePrefix: "team-b-" });
    assert.deepEqual(effects(await dev.preview(...later)), {});
    assert.match(dev.messages, /AWS can change neither the name nor the path of a role\./);
    for (const { id } of roles()) assert.ok(dev.messages.includes(id), id);
    const none = dev.with({ rolePath: "", roleNamePrefix: "" });
    assert.deepEqual(effects(await dev.preview(...none)), {});
  });

  it("may let the stack work as another role: provider and kubeconfigs know it, and nothing is replaced", async () => {
    const assumeRoleArn = `arn:aws:iam::${ACCOUNT}:role/deployer`;
    const steps = effects(await dev.up(...dev.with({ assumeRoleArn })));
    assert.deepEqual([...new Set(Object.values(steps))], ["update"]);
    const { kubeconfig } = await dev.outputsWithSecrets();
    const [{ user }] = JSON.parse(kubeconfig!.value as string).users;
    assert.deepEqual(user.exec.args.slice(-2), ["--role", assumeRoleArn]);
  });

  it("keeps nothing of it", async () => {
    await dev.destroy(...dev.with());
    dev.deleteInAws(({ id }) => [BOUNDARY, rules.id].includes(id));
    assert.deepEqual(await dev.leaked(), []);
  });
});
