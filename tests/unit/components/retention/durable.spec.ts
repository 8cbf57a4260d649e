import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import * as path from "node:path";
import { isProtected, keepsData, Retention } from "../../../../components/retention/retention";
import { type DurableType, durableTypes, Keeping } from "../../../../components/retention/durable";
import { program } from "../../../support/program";
import type { Registration } from "../../../support/registrations";

const EVERYTHING = {
  alarmTopicArn: "arn:aws:sns:eu-west-1:777701019999:storage",
  containerInsightsVersion: "v6.2.0-eksbuild.1",
  encryptionKey: "customer",
  efsReplicaRegion: "eu-central-1",
  administrators: ["arn:aws:iam::777701019999:role/a"],
};

/** Resources that are kept otherwise than the table says of their type. */
const EXCEPTIONS: {
  type: string;
  name: RegExp;
  keeping: DurableType["keeping"];
  why: string;
  /** Whether it outlives the stack under every retention. */
  always?: true;
}[] = [
  {
    type: "aws:cloudwatch/logGroup:LogGroup",
    name: /^eks-storage-prod-logs$/,
    keeping: Keeping.Retained,
    why: "EKS writes into the control plane's group after the cluster is gone, and would make one without an expiry.",
    always: true,
  },
  {
    type: "aws:kms/key:Key",
    name: /-secrets$/,
    keeping: Keeping.Remade,
    why: "It encrypts the cluster's Secrets, which end with the cluster.",
  },
  {
    type: "kubernetes:core/v1:Namespace",
    name: /^assets$/,
    keeping: Keeping.Remade,
    why: "Its claims are bound to volumes that are made anew; the images are on EFS or S3.",
  },
  {
    type: "kubernetes:core/v1:PersistentVolumeClaim",
    name: /^assets-/,
    keeping: Keeping.Remade,
    why: "Static, or named after its directory: made anew, it finds the same images.",
  },
  {
    type: "aws:iam/role:Role",
    name: /-backup$/,
    keeping: Keeping.Protected,
    why: "AWS Backup deletes with it what is in a kept vault.",
  },
  {
    type: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    name: /^eks-storage-prod-(backup|restore)$/,
    keeping: Keeping.Retained,
    why: "A role's rights, which may change while it stays.",
  },
  {
    type: "eks-storage:index:DeletionProtection",
    name: /./,
    keeping: Keeping.Protected,
    why: "It is what a destroy is refused by, and nothing outside of the state.",
  },
  {
    type: "pulumi-nodejs:dynamic:Resource",
    name: /-notice$/,
    keeping: Keeping.Protected,
    why: "It is a part of DeletionProtection.",
  },
];
const OF_THE_STATE = /^(eks-storage:index:DeletionProtection|pulumi-nodejs:)/;

/** How a resource is to be kept: whether it is protected, and whether it is retained. */
function expected({ type, name }: Registration, retention: Retention): [boolean, boolean] {
  const exception = EXCEPTIONS.find((it) => it.type === type && it.name.test(name));
  const keeping = (exception ?? durableTypes[type])?.keeping;
  const outlives = keeping === Keeping.Protected || keeping === Keeping.Retained;
  return [
    keeping === Keeping.Protected && isProtected(retention),
    outlives && (keepsData(retention) || exception?.always === true) && !OF_THE_STATE.test(type),
  ];
}

describe("what is durable", function () {
  this.timeout(30_000);
  const seen: Registration[] = [];

  for (const [what, changes] of Object.entries({
    "on S3": { ...EVERYTHING, assetsStorage: "s3" },
    "on EFS": EVERYTHING,
    "on a dynamic volume": { assetsProvisioning: "dynamic" },
  })) {
    for (const retention of Object.values(Retention)) {
      it(`is protected and retained under ${retention}, and nothing else is: prod ${what}`, async () => {
        const confirmed = retention === Retention.Delete ? { confirmDeleteInProd: "prod" } : {};
        const registrations = await program("prod", { changes: { ...changes, retention, ...confirmed } });
        seen.push(...registrations);
        const label = (it: Registration, options: [boolean, boolean]) =>
          `${it.type} ${it.name}: protect ${options[0]}, retainOnDelete ${options[1]}`;
        assert.deepEqual(
          registrations.map((it) => label(it, [it.protect, it.retainOnDelete])),
          registrations.map((it) => label(it, expected(it, retention))),
        );
        for (const { inputs } of registrations.filter(({ type }) => durableTypes[type]?.keeping === Keeping.ByAws)) {
          assert.equal(inputs.deletionProtection, isProtected(retention));
        }
      });
    }
  }

  it("is in the table only where the program has it, or the policy pack asks it of other programs", () => {
    const elsewhere = ["aws:ebs/volume:Volume"];
    const types = new Set(seen.map(({ type }) => type));
    assert.deepEqual(
      Object.keys(durableTypes).filter((type) => !types.has(type)),
      elsewhere,
    );
  });

  it("has no exceptions that nothing needs", () => {
    const needless = EXCEPTIONS.filter(({ type, name }) => !seen.some((it) => it.type === type && name.test(it.name)));
    assert.deepEqual(needless, []);
  });

  it("is told with a reason wherever the engine doesn't protect it", () => {
    for (const [type, { keeping, reason }] of Object.entries(durableTypes)) {
      assert.equal(reason === undefined, keeping === Keeping.Protected, type);
    }
  });

  it("can be asked without an SDK: policies do so at every preview", () => {
    const table = path.join(__dirname, "../../../../components/retention/durable.ts");
    const script = `require(${JSON.stringify(table)}); console.log(Object.keys(require.cache).join("\\n"))`;
    const loaded = execFileSync(process.execPath, ["--require", "tsx/cjs", "--eval", script], { encoding: "utf8" });
    assert.match(loaded, /durable\.ts/);
    assert.doesNotMatch(loaded, /@pulumi/);
  });
});
