import { randomInt } from "node:crypto";
import type { Plugin } from "../plugin";
import { changedProperties, type Properties, UNKNOWN } from "../properties";
import { serve } from "../server";

const LETTERS = "abcdefghijklmnopqrstuvwxyz";
const CLASSES = {
  lower: LETTERS,
  upper: LETTERS.toUpperCase(),
  numeric: "0123456789",
  special: "!@#$%&*()-_=+[]{}<>:?",
};

/** As long as the inputs ask, of the classes that they allow. */
function password(inputs: Properties): string {
  const classes = { ...CLASSES, special: (inputs.overrideSpecial ?? CLASSES.special) as string };
  const allowed = Object.entries(classes).filter(([name]) => inputs[name] !== false);
  const characters = allowed.map(([, set]) => set).join("");
  return Array.from({ length: Number(inputs.length) }, () => characters[randomInt(characters.length)]).join("");
}

const random: Plugin = {
  name: "random",
  version: "4.21.2",
  check({ type, news }) {
    if (type === "random:index/randomPassword:RandomPassword") return Promise.resolve({ inputs: news, failures: [] });
    throw new Error(
      `The stand-in for random knows RandomPassword, not the resource type ${type}.\n` +
        "Add it to local/plugins/random/main.ts, or install the real random plugin.",
    );
  },
  // Every change needs a new value.
  diff({ oldInputs, news }) {
    const changed = changedProperties(oldInputs, news);
    return Promise.resolve({ changed, replaces: changed });
  },
  create({ news, preview }) {
    // An id is no secret, so a password isn't its own.
    return Promise.resolve({ id: "none", properties: { ...news, result: preview ? UNKNOWN : password(news) } });
  },
  read({ id, inputs, properties }) {
    if (properties.result !== undefined) return Promise.resolve({ id, inputs, properties });
    // An import: its id is the password.
    const imported = { length: id.length };
    return Promise.resolve({ id: "none", inputs: imported, properties: { ...imported, result: id } });
  },
  update: () => Promise.reject(new Error("a random password is replaced, never updated")),
  delete: () => Promise.resolve(),
  invoke: (token) => Promise.reject(new Error(`The stand-in for random has no functions, so not ${token}.`)),
};

serve(random);
