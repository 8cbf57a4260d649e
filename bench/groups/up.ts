import { command, type Group } from "../group";
import { Stacks } from "../sessions";

const upLocal = command("npm run up:local");

// The cloud that npm run up:local deploys to.
const dev = new Stacks("dev", "dev");

/** An `up` of dev that finds nothing to do. */
export const up: Group = {
  async prepare(copies) {
    for (const copy of copies) await upLocal.run(copy);
    await dev.open(copies);
    return {};
  },
  subjects: {
    up: {
      command: "Stack.up() of dev, deployed, in the local cloud",
      run: async (copy) => ({ seconds: (await dev.of(copy).ask({ does: "up" })).seconds! }),
    },
    "up:local": upLocal,
  },
  end: () => dev.close(),
};
