import { type Group, type Subject } from "../group";
import type { Question } from "../session";
import { Stacks } from "../sessions";

const prod = new Stacks("prod", "bench-preview");

const preview = (what: string, question: Omit<Question, "does">): Subject => ({
  command: what,
  run: async (copy) => {
    const { seconds, resources } = await prod.of(copy).ask({ does: "preview", ...question });
    return { seconds: seconds!, resources };
  },
});

/** A first preview of prod in the engine: through the Automation API, in a process that has loaded the program. */
export const inEngine: Group = {
  async prepare(copies) {
    await prod.open(copies);
    return {};
  },
  subjects: {
    prod: preview("Stack.preview() of prod, never deployed, in the local cloud", {}),
    minimal: preview("Stack.preview() of bench/minimal in the same cloud", { minimal: true }),
    "prod by policies": preview("Stack.preview() of prod with the policy pack", { policy: true }),
  },
  end: () => prod.close(),
};
