import assert from "node:assert/strict";
import { environments, program } from "../support/program";
import { type Registration, unknown } from "../support/registrations";
import { type Break, breaks, broken } from "./breaks";
import { levelsOf } from "../../policy/documentation";
import { type Diagnostic, Pack } from "./pack";

const pack = new Pack();

describe("the policy pack", function () {
  this.timeout("1m");
  before(() => pack.start());
  after(() => pack.stop());

  for (const environment of environments) {
    for (const preview of [true, false]) {
      it(`finds nothing wrong with ${environment} at ${preview ? "a first preview" : "an update"}`, async () => {
        await pack.configure(levelsOf(environment));
        const found = await pack.judge(await program(environment, { preview }), preview);
        const wrong = found.filter(({ message }) => !/can't be known yet/.test(message));
        assert.deepEqual(wrong, []);
        // Whatever a preview can't know, the update does.
        if (!preview) assert.deepEqual(found, []);
      });
    }
  }

  for (const preview of [true, false]) {
    describe(preview ? "at a first preview" : "at an update", () => {
      let registrations: Registration[];
      before(async () => {
        await pack.configure(levelsOf("prod"));
        registrations = await program("prod", { preview });
      });

      const judged = async (it: Break, value: unknown): Promise<Diagnostic[]> => {
        const found = await pack.judge(broken(registrations, { ...it, value }), preview);
        return found.filter(({ rule }) => rule === it.rule);
      };

      for (const it_ of breaks) {
        it(`${it_.rule} finds ${it_.path} = ${JSON.stringify(it_.value)}`, async () => {
          const found = await judged(it_, it_.value);
          assert.ok(
            found.some(({ mandatory, message }) => mandatory && !/can't be known yet/.test(message)),
            JSON.stringify(found),
          );
        });
        if (preview)
          it(`${it_.rule} doesn't pass an unknown ${it_.path}`, async () => {
            assert.notDeepEqual(await judged(it_, unknown), []);
          });
      }
    });
  }
});
