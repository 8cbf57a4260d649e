import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import {
  Backups,
  Cluster,
  ContainerInsights,
  CsiDriver,
  CsiDriverKind,
  Network,
  Retention,
  type RoleRulesArgs,
} from "../../../../components/index";
import { serviceRole, serviceRolesOf } from "../../../../components/iam/role";
import { clusterArgs } from "../../../support/clusterArgs";
import { configurationCases } from "../../../support/configurations";
import { program } from "../../../support/program";
import { all, one, refused, registered } from "../../../support/queries";
import { run, type RunOptions } from "../../../support/registrations";

const BOUNDARY = "arn:aws:iam::111101013333:policy/boundary";
const rules: Required<RoleRulesArgs> = { permissionsBoundaryArn: BOUNDARY, path: "/storage/", namePrefix: "team-a-" };
/** One of AWS's, which is in every account. */
const POWER_USERS = "arn:aws:iam::aws:policy/PowerUserAccess";
const ROOT = path.join(__dirname, "../../../..");

describe("a role under an account's rules", () => {
  const role = async (args: RoleRulesArgs | undefined, more: object = {}) =>
    one(await registered(() => serviceRole("driver", { assumeRolePolicy: "{}", ...more }, args, {})), "Role");

  it("has the boundary, the path, and a name that begins as it must", async () => {
    const { inputs } = await role(rules);
    assert.deepEqual(
      [inputs.permissionsBoundary, inputs.path, inputs.namePrefix],
      [BOUNDARY, "/storage/", "team-a-driver-"],
    );
  });

  it("has nothing of them where there are none", async () => {
    for (const none of [undefined, {}, { path: undefined }]) {
      assert.deepEqual((await role(none)).inputs, { assumeRolePolicy: "{}" });
    }
  });

  it("keeps its path and its name as long as it is there, whatever is asked: another ARN would replace the cluster", async () => {
    for (const any of [rules, undefined]) assert.deepEqual((await role(any)).ignoreChanges, ["path", "namePrefix"]);
  });

  it("has a prefix that leaves room for the provider's 26 digits", async () => {
    const long = await role({ namePrefix: `${"p".repeat(31)}-` });
    assert.equal(long.inputs.namePrefix, `${"p".repeat(31)}-driver`);
  });

  it("has the name that it is given, such as an adopted one", async () => {
    const { inputs } = await role(rules, { name: "kept" });
    assert.deepEqual([inputs.name, inputs.namePrefix, inputs.path], ["kept", undefined, "/storage/"]);
  });

  it("that another package's component makes has them, too, and that component's other resources haven't", async () => {
    const transform = serviceRolesOf(["eks-eksRole-role"], rules);
    const asked = async (type: string) => {
      const resource = { type, name: "eks-eksRole-role", custom: true, props: { description: "EKS" }, opts: {} };
      return transform(resource);
    };
    const { props, opts } = (await asked("aws:iam/role:Role"))!;
    assert.deepEqual(props, {
      description: "EKS",
      permissionsBoundary: BOUNDARY,
      path: "/storage/",
      namePrefix: "team-a-eks-eksRole-role-",
    });
    assert.deepEqual(opts.ignoreChanges, ["path", "namePrefix"]);
    assert.equal(await asked("aws:eks/cluster:Cluster"), undefined);
  });
});

const zones = ["eu-west-1a", "eu-west-1b"];

/** Every component that makes a role. */
const DOORS: Record<string, (roles: RoleRulesArgs) => unknown> = {
  Network: (roles) => new Network("it", { cidrBlock: "10.0.0.0/16", zones, region: "eu-west-1", roles }),
  Cluster: (roles) => new Cluster("it", clusterArgs({ roles })),
  CsiDriver: (roles) =>
    new CsiDriver("it", {
      kind: CsiDriverKind.Efs,
      clusterName: "it",
      version: "v1.64.0-eksbuild.1",
      region: "eu-west-1",
      kubeconfig: "{}",
      roles,
    }),
  Backups: (roles) =>
    new Backups("it", {
      vaultName: "it",
      accountId: "111101013333",
      tagValue: "it",
      retentionInDays: 7,
      retention: Retention.Delete,
      roles,
    }),
  ContainerInsights: (roles) =>
    new ContainerInsights("it", { clusterName: "it", region: "eu-west-1", version: "v6.2.0-eksbuild.1", roles }),
};

/** What makes a role in the components' source. */
function makers(): string[] {
  const files = fs.readdirSync(path.join(ROOT, "components"), { recursive: true, encoding: "utf8" });
  return files.filter((file) => {
    const text = file.endsWith(".ts") ? fs.readFileSync(path.join(ROOT, "components", file), "utf8") : "";
    return /new aws\.iam\.(Role|User|InstanceProfile)\b|iam\.Role\(/.test(text);
  });
}

describe("an account's rules for roles", function () {
  this.timeout(60_000);

  for (const [door, make] of Object.entries(DOORS)) {
    it(`hold for every role of ${door}`, async () => {
      const roles = all(await registered(() => make(rules)), "aws:iam/role:Role");
      assert.ok(roles.length > 0);
      for (const { name, inputs } of roles) {
        assert.deepEqual([inputs.permissionsBoundary, inputs.path], [BOUNDARY, "/storage/"], name);
        assert.ok(String(inputs.namePrefix).startsWith("team-a-"), name);
      }
    });

    it(`are refused by ${door} where IAM would`, async () => {
      const wrong = { permissionsBoundaryArn: "boundary", path: "storage", namePrefix: "team a" };
      const message = await refused(() => make(wrong));
      assert.match(
        message,
        /roles\.permissionsBoundaryArn must be the ARN of a managed IAM policy; it is 'boundary'\./,
      );
      assert.match(message, /roles\.path must be an IAM path, which begins and ends with a slash .* it is 'storage'\./);
      assert.match(message, /roles\.namePrefix must be 1 to 32 letters, digits and .* it is 'team a'\./);
    });
  }

  it("hold in one place: no component makes a role elsewhere", () => {
    assert.deepEqual(makers(), [path.join("iam", "role.ts")]);
  });

  for (const { name, stack, changes } of configurationCases) {
    it(`hold for every role that the program registers: ${name}`, async () => {
      const registrations = await program(stack, {
        changes: {
          ...changes,
          rolePermissionsBoundaryArn: POWER_USERS,
          rolePath: "/storage/",
          roleNamePrefix: "team-a-",
        },
      });
      const roles = all(registrations, "aws:iam/role:Role");
      assert.ok(roles.length >= 4);
      for (const { name, inputs } of roles) {
        assert.deepEqual([inputs.permissionsBoundary, inputs.path], [POWER_USERS, "/storage/"], name);
        // An adopted role has the name that it is found by.
        assert.match(inputs.name ?? inputs.namePrefix, /^(team-a-.*|old-role)$/, name);
      }
    });
  }
});

describe("roles that are there", () => {
  const state = (name: string, outputs: object): RunOptions["state"] => ({
    [`urn:pulumi:test::eks-storage::aws:iam/role:Role::${name}`]: { outputs },
  });
  /** What is said at a preview. */
  async function said(args: RoleRulesArgs, options: RunOptions): Promise<string[]> {
    const lines: string[] = [];
    const { info } = pulumi.log;
    const log = pulumi.log as { info: typeof info };
    log.info = (message) => (lines.push(message), Promise.resolve());
    try {
      await run(() => serviceRole("driver", { assumeRolePolicy: "{}" }, args, {}), { preview: true, ...options });
    } finally {
      log.info = info;
    }
    return lines;
  }

  it("are named, since they keep name and path", async () => {
    const before = state("driver", { name: "driver-1a2b3c4", path: "/" });
    for (const args of [{ path: "/storage/" }, { namePrefix: "team-a-" }]) {
      const [line, ...others] = await said(args, { state: before });
      assert.match(line!, /^AWS can change neither the name nor the path of a role\. .*: driver-1a2b3c4\.$/);
      assert.deepEqual(others, []);
    }
  });

  it("aren't where nothing differs, and in a new stack", async () => {
    const ruled = state("driver", { name: "team-a-driver-1", path: "/storage/" });
    const other = state("other", { name: "other", path: "/" });
    for (const it of [ruled, other, {}]) assert.deepEqual(await said(rules, { state: it }), []);
    assert.deepEqual(await said({ permissionsBoundaryArn: BOUNDARY }, { state: state("driver", { name: "a" }) }), []);
  });
});
