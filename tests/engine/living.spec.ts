import { cluster } from "./living/cluster";
import { drift, ends } from "./living/drift";
import { LivingStack } from "./living/livingStack";
import { volumes } from "./living/volumes";

// One stack an environment, which goes through one change after another as a real one does.
for (const name of ["dev", "prod"]) {
  describe(`${name} lives`, function () {
    this.timeout("5m");
    this.bail(true);
    const stack = new LivingStack(name);

    before(async () => {
      await stack.start();
      await stack.up();
    });
    after(() => stack.stop());

    describe("its volumes", () => volumes(stack, name));
    describe("its cluster", () => cluster(stack, name));
    describe("its drift", () => drift(stack));

    describe("its end", () => ends(stack, name));
  });
}
