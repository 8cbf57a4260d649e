import { cluster } from "./cluster";
import { drift, ends } from "./drift";
import { LivingStack } from "./livingStack";
import { volumes } from "./volumes";
import { inOrder } from "../../support/inOrder";

/** One stack of an environment, which goes through one change after another as a real one does. */
export function lives(name: string): void {
  describe(`${name} lives`, function () {
    this.timeout("5m");
    inOrder(this);
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
