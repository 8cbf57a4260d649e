import assert from "node:assert/strict";
import { levelsOf } from "../../policy/documentation";
import { policies } from "../../policy/policies";
import { EXISTING_VPC } from "../support/mockState";
import { environments, program } from "../support/program";
import type { Registration } from "../support/registrations";
import { asEksPlugin } from "./eksPlugin";
import { violations, withUnknown, withViolation } from "./violations";
import { type Diagnostic, Pack } from "./pack";
import { subject } from "./subject";

const previewing = new Pack(true);
const updating = new Pack(false);
const isNotKnown = ({ message }: Diagnostic) => /can't be checked/.test(message);
const isViolation = (it: Diagnostic) => it.mandatory && !isNotKnown(it);

interface Case {
  what: string;
  environment: string;
  changes?: Record<string, unknown>;
  /** Whether it uses resources that it doesn't create. */
  usesExisting?: boolean;
}

/** Prod with other settings than in its file. */
const variants: Case[] = [
  {
    what: "prod on S3, with a customer's key, alarms and a restored database",
    environment: "prod",
    changes: {
      assetsStorage: "s3",
      encryptionKey: "customer",
      alarmTopicArn: "arn:aws:sns:eu-west-1:777701019999:alarms",
      mysqlSnapshotId: "snap-0123456789abcdef0",
    },
  },
  {
    what: "prod with directories made by the driver, a replica and a vault in compliance mode",
    environment: "prod",
    changes: {
      assetsProvisioning: "dynamic",
      efsReplicaRegion: "eu-central-1",
      backupLock: "compliance",
      backupComplianceConfirmation: "irrevocable",
    },
  },
  {
    what: "prod on existing resources",
    environment: "prod",
    usesExisting: true,
    changes: {
      existingVpcId: EXISTING_VPC,
      existingPrivateSubnetIds: {
        "eu-west-1a": "subnet-11111111",
        "eu-west-1b": "subnet-22222222",
        "eu-west-1c": "subnet-33333333",
      },
      existingClusterName: "shop",
      existingFileSystemId: "fs-0123456789abcdef0",
      encryptionKey: "customer",
      existingKeyArn: "arn:aws:kms:eu-west-1:777701019999:key/1234abcd-12ab-34cd-56ef-1234567890ab",
    },
  },
];

describe("the policy pack, as the engine runs it", function () {
  this.timeout("1m");
  for (const pack of [previewing, updating]) {
    before(() => pack.start());
    after(() => pack.stop());
  }

  const shipped: Case[] = environments.map((environment) => ({ what: environment, environment }));
  for (const { what, environment, changes, usesExisting } of [...shipped, ...variants]) {
    for (const preview of [true, false]) {
      const pack = preview ? previewing : updating;
      it(`finds nothing wrong with ${what} at ${preview ? "a first preview" : "an update"}`, async () => {
        await pack.configure(levelsOf(environment));
        const diagnostics = await pack.evaluate(await program(environment, { preview, changes }));
        assert.deepEqual(
          diagnostics.filter((it) => !isNotKnown(it)),
          [],
        );
        // An unknown value fails no preview, and the update knows every value.
        assert.deepEqual(
          diagnostics.filter(({ mandatory }) => mandatory),
          [],
        );
        if (!preview) assert.deepEqual(diagnostics, []);
        assert.match(
          pack.summary,
          new RegExp(
            ` [1-9]\\d+ checks passed, 0 violated, ${diagnostics.length} can't be checked${preview ? " yet" : ""}, ` +
              `${usesExisting ? "[1-9]\\d*" : "0"} are about what isn't in this stack$`,
          ),
        );
      });
    }
  }

  for (const preview of [true, false]) {
    const pack = preview ? previewing : updating;
    it(`finds nothing wrong with prod as the eks plugin registers it, at ${preview ? "a first preview" : "an update"}`, async () => {
      await pack.configure(levelsOf("prod"));
      const diagnostics = await pack.evaluate(asEksPlugin(await program("prod", { preview })));
      assert.deepEqual(diagnostics.filter(isViolation), []);
      if (!preview) assert.deepEqual(diagnostics, []);
    });
  }

  it("leaves out a policy that is disabled", async () => {
    const registrations = withViolation(await subject(false), violations[0]!, false);
    await updating.configure({ ...levelsOf("prod"), [violations[0]!.policy]: "disabled" });
    assert.deepEqual(await updating.evaluate(registrations), []);
  });

  it("counts the outcomes", async () => {
    await previewing.configure(levelsOf("prod"));
    const registrations = await program("prod", { preview: true });
    const passed = async (changed: Registration[]) => {
      await previewing.evaluate(changed);
      const [, ...counts] = /: (\d+) checks passed, (\d+) violated, (\d+) can't be checked yet,/.exec(
        previewing.summary,
      )!;
      return counts.map(Number);
    };
    const [before, none, open] = await passed(registrations);
    assert.deepEqual(await passed(withViolation(registrations, violations[0]!, true)), [before! - 1, none! + 1, open]);
    const { type, name, path } = violations[0]!;
    const hidden = withUnknown(registrations, { type, name, path: path! });
    assert.deepEqual(await passed(hidden), [before! - 1, none, open! + 1]);
  });

  it("lets no mandatory policy pass an update because a value is unknown", async () => {
    const { type, path } = violations[0]!;
    for (const [pack, preview] of [
      [previewing, true],
      [updating, false],
    ] as const) {
      await pack.configure(levelsOf("prod"));
      const diagnostics = await pack.evaluate(withUnknown(await subject(preview), { type, path: path! }));
      const levels = diagnostics
        .filter(({ policy }) => policy === violations[0]!.policy)
        .map(({ mandatory }) => mandatory);
      assert.deepEqual(levels, [!preview]);
    }
  });

  it("reports violations, and rewrites nothing", async () => {
    const registrations = await subject(false);
    const wrong = violations.flatMap((it) =>
      withViolation(registrations, it, false).filter((now) => !registrations.includes(now)),
    );
    assert.deepEqual(await updating.rewrites(wrong), []);
  });

  it("tells the engine the severity, fix and URL of each policy", async () => {
    const levels = ["", "low", "medium", "high", "critical"];
    const expected = policies.map(({ name, severity, fix, url }) => [
      name,
      [String(levels.indexOf(severity)), fix.join("\n"), url],
    ]);
    assert.deepEqual(await updating.details(), Object.fromEntries(expected));
  });

  it("has a violation for every policy", () => {
    assert.deepEqual(
      [...new Set(violations.map(({ policy }) => policy))].sort(),
      policies.map(({ name }) => name).sort(),
    );
  });

  for (const preview of [true, false]) {
    describe(preview ? "at a first preview" : "at an update", () => {
      const pack = preview ? previewing : updating;
      let registrations: Registration[];
      before(async () => {
        await pack.configure(levelsOf("prod"));
        registrations = await subject(preview);
        assert.deepEqual((await pack.evaluate(registrations)).filter(isViolation), []);
      });

      const diagnosticsOf = async (policy: string, changed: Registration[]) => {
        const diagnostics = await pack.evaluate(changed, registrations);
        return diagnostics.filter((it) => it.policy === policy);
      };

      for (const violation of violations) {
        const { policy, type, name, path, unknownAt, onlyAtUpdate } = violation;
        const where = path ?? unknownAt?.path;
        const what = `${type.split(":").pop()} ${name ?? ""} ${path ?? ""}`;
        it(`${policy} notices ${what}`, async () => {
          const diagnostics = await diagnosticsOf(policy, withViolation(registrations, violation, preview));
          const expected = preview && onlyAtUpdate ? isNotKnown : isViolation;
          assert.ok(diagnostics.some(expected), JSON.stringify(diagnostics));
          const { fix, url } = policies.find((known) => known.name === policy)!;
          for (const { message, urn } of diagnostics.filter(isViolation)) {
            assert.ok(urn.startsWith("urn:pulumi:prod::"));
            for (const text of [...fix, url]) assert.ok(message.includes(text), message);
          }
        });
        if (!where) continue;
        it(`${policy} doesn't pass an unknown ${where}`, async () => {
          const diagnostics = await diagnosticsOf(
            policy,
            withUnknown(registrations, unknownAt ?? { type, name, path: where }),
          );
          assert.notDeepEqual(diagnostics, []);
        });
      }
    });
  }
});
