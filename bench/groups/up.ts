import { command, type Group, type Subject } from "../group";
import { Stacks } from "../sessions";

const upLocal = command("npm run up:local");

// The cloud that npm run up:local deploys to.
const dev = new Stacks("dev", "dev");

const operation = (does: "preview" | "up"): Subject => ({
  command: `Stack.${does}() of dev, deployed, in the local cloud`,
  run: async (copy) => ({ seconds: (await dev.of(copy).ask({ does })).seconds! }),
});

/** An `up` of dev that finds nothing to do, beside the preview of it alone; and the command beside the operation. */
export const up: Group = {
  async prepare(copies) {
    for (const copy of copies) await upLocal.run(copy);
    await dev.open(copies);
    return {};
  },
  subjects: {
    preview: operation("preview"),
    up: operation("up"),
    "up:local": upLocal,
  },
  end: () => dev.close(),
};
