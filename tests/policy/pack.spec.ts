import assert from "node:assert/strict";
import { levelsOf } from "../../policy/documentation";
import { rules } from "../../policy/rules";
import { environments, program } from "../support/program";
import type { Registration } from "../support/registrations";
import { breaks, broken, obscured } from "./breaks";
import { type Diagnostic, Pack } from "./pack";
import { subject } from "./subject";

const previewing = new Pack(true);
const updating = new Pack(false);
const isUndecided = ({ message }: Diagnostic) => /can't be known/.test(message);
const isViolation = (it: Diagnostic) => it.mandatory && !isUndecided(it);

interface Case {
  what: string;
  environment: string;
  changes?: Record<string, unknown>;
  /** Whether the rules are about things that it doesn't make. */
  isElsewhere?: boolean;
}

/** Prod with other options than it is shipped with, several at once. */
const variants: Case[] = [
  {
    what: "prod on S3, with a customer's key, alarms and a restored database",
    environment: "prod",
    changes: {
      assetsStorage: "s3",
      encryptionKey: "customer",
      alarmTopicArn: "arn:aws:sns:eu-west-1:777788889999:alarms",
      mysqlSnapshotId: "snap-0123456789abcdef0",
    },
  },
  {
    what: "prod with directories made by the driver, a replica and a vault that nobody unlocks",
    environment: "prod",
    changes: {
      assetsProvisioning: "dynamic",
      efsReplicaRegion: "eu-central-1",
      backupLock: "compliance",
      backupComplianceConfirmation: "irrevocable",
    },
  },
  {
    what: "prod on what is there already",
    environment: "prod",
    isElsewhere: true,
    changes: {
      existingVpcId: "vpc-1",
      existingPrivateSubnetIds: { "eu-west-1a": "subnet-1", "eu-west-1b": "subnet-2", "eu-west-1c": "subnet-3" },
      existingClusterName: "shop",
      existingFileSystemId: "fs-0123456789abcdef0",
      encryptionKey: "customer",
      existingKeyArn: "arn:aws:kms:eu-west-1:777788889999:key/1234abcd-12ab-34cd-56ef-1234567890ab",
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
  for (const { what, environment, changes, isElsewhere } of [...shipped, ...variants]) {
    for (const preview of [true, false]) {
      const pack = preview ? previewing : updating;
      it(`finds nothing wrong with ${what} at ${preview ? "a first preview" : "an update"}`, async () => {
        await pack.configure(levelsOf(environment));
        const found = await pack.judge(await program(environment, { preview, changes }));
        assert.deepEqual(
          found.filter((it) => !isUndecided(it)),
          [],
        );
        // What a preview can't know stops nobody, and the update knows all of it.
        assert.deepEqual(
          found.filter(({ mandatory }) => mandatory),
          [],
        );
        if (!preview) assert.deepEqual(found, []);
        assert.match(
          pack.summary,
          new RegExp(
            ` [1-9]\\d+ checks passed, 0 violated, ${found.length} can't be known${preview ? " yet" : ""}, ` +
              `${isElsewhere ? "[1-9]\\d*" : "0"} are about what isn't in this stack$`,
          ),
        );
      });
    }
  }

  it("leaves out a rule that is disabled", async () => {
    const registrations = broken(await subject(false), breaks[0]!, false);
    await updating.configure({ ...levelsOf("prod"), [breaks[0]!.rule]: "disabled" });
    assert.deepEqual(await updating.judge(registrations), []);
  });

  it("counts what it found", async () => {
    await previewing.configure(levelsOf("prod"));
    const registrations = await program("prod", { preview: true });
    const passed = async (changed: Registration[]) => {
      await previewing.judge(changed);
      const [, ...counts] = /: (\d+) checks passed, (\d+) violated, (\d+) can't be known yet,/.exec(
        previewing.summary,
      )!;
      return counts.map(Number);
    };
    const [before, none, open] = await passed(registrations);
    assert.deepEqual(await passed(broken(registrations, breaks[0]!, true)), [before! - 1, none! + 1, open]);
    const { type, name, path } = breaks[0]!;
    const hidden = obscured(registrations, { type, name, path: path! });
    assert.deepEqual(await passed(hidden), [before! - 1, none, open! + 1]);
  });

  it("lets no mandatory rule pass an update because a value is unknown", async () => {
    const { type, path } = breaks[0]!;
    for (const [pack, preview] of [
      [previewing, true],
      [updating, false],
    ] as const) {
      await pack.configure(levelsOf("prod"));
      const found = await pack.judge(obscured(await subject(preview), { type, path: path! }));
      const levels = found.filter(({ rule }) => rule === breaks[0]!.rule).map(({ mandatory }) => mandatory);
      assert.deepEqual(levels, [!preview]);
    }
  });

  it("reports, and rewrites nothing, whatever is wrong", async () => {
    const registrations = await subject(false);
    const wrong = breaks.flatMap((it) =>
      broken(registrations, it, false).filter((now) => !registrations.includes(now)),
    );
    assert.deepEqual(await updating.rewrites(wrong), []);
  });

  it("tells the engine of each rule how bad it is, what to do and where to read on", async () => {
    const levels = ["", "low", "medium", "high", "critical"];
    const expected = rules.map(({ name, severity, mend, url }) => [
      name,
      [String(levels.indexOf(severity)), mend.join("\n"), url],
    ]);
    assert.deepEqual(await updating.described(), Object.fromEntries(expected));
  });

  it("has a break for every rule", () => {
    assert.deepEqual([...new Set(breaks.map(({ rule }) => rule))].sort(), rules.map(({ name }) => name).sort());
  });

  for (const preview of [true, false]) {
    describe(preview ? "at a first preview" : "at an update", () => {
      const pack = preview ? previewing : updating;
      let registrations: Registration[];
      before(async () => {
        await pack.configure(levelsOf("prod"));
        registrations = await subject(preview);
        assert.deepEqual((await pack.judge(registrations)).filter(isViolation), []);
      });

      const said = async (rule: string, changed: Registration[]) => {
        const found = await pack.judge(changed, registrations);
        return found.filter((it) => it.rule === rule);
      };

      for (const it_ of breaks) {
        const { rule, type, name, path, undecidedBy, onlyAtUpdate } = it_;
        const where = path ?? undecidedBy?.path;
        const what = `${type.split(":").pop()} ${name ?? ""} ${path ?? ""}`;
        it(`${rule} notices ${what}`, async () => {
          const found = await said(rule, broken(registrations, it_, preview));
          const expected = preview && onlyAtUpdate ? isUndecided : isViolation;
          assert.ok(found.some(expected), JSON.stringify(found));
          const { mend, url } = rules.find((known) => known.name === rule)!;
          for (const { message, urn } of found.filter(isViolation)) {
            assert.ok(urn.startsWith("urn:pulumi:prod::"));
            for (const text of [...mend, url]) assert.ok(message.includes(text), message);
          }
        });
        if (!where) continue;
        it(`${rule} doesn't pass an unknown ${where}`, async () => {
          const found = await said(rule, obscured(registrations, undecidedBy ?? { type, name, path: where }));
          assert.notDeepEqual(found, []);
        });
      }
    });
  }
});
