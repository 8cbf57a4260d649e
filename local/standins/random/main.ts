import { randomBytes, randomInt } from "node:crypto";
import { changedProperties, type Properties, type StandIn, UNKNOWN } from "../provider";
import { serve } from "../server";

const LETTERS = "abcdefghijklmnopqrstuvwxyz";
const CLASSES = {
  Lower: LETTERS,
  Upper: LETTERS.toUpperCase(),
  Numeric: "0123456789",
  Special: "!@#$%&*()-_=+[]{}<>:?",
};

/** `length` characters of the classes that the inputs allow, at least as many of each as they ask for. */
function characters(inputs: Properties): string {
  const classes = Object.entries({ ...CLASSES, Special: (inputs.overrideSpecial ?? CLASSES.Special) as string });
  const allowed = classes.filter(([name]) => inputs[name.toLowerCase()] !== false).map(([, characters]) => characters);
  const least = classes.flatMap(([name, characters]) =>
    Array<string>(Number(inputs[`min${name}`] ?? 0)).fill(characters),
  );
  const rest = Array<string>(Number(inputs.length) - least.length).fill(allowed.join(""));
  return [...least, ...rest].map((set) => set[randomInt(set.length)]).join("");
}

interface RandomType {
  make: (inputs: Properties) => { id: string; outputs: Properties };
  outputs: string[];
  /** What an import's id, the value itself, says about the resource. */
  imported: (id: string) => Properties;
}

const text: RandomType = {
  make: (inputs) => {
    const result = characters(inputs);
    return { id: result, outputs: { result } };
  },
  outputs: ["result"],
  imported: (result) => ({ result, length: result.length }),
};

const types: Record<string, RandomType> = {
  "random:index/randomString:RandomString": text,
  // An id is no secret, so a password isn't its own.
  "random:index/randomPassword:RandomPassword": { ...text, make: (inputs) => ({ ...text.make(inputs), id: "none" }) },
  "random:index/randomId:RandomId": {
    make: ({ byteLength, prefix = "" }) => {
      const bytes = randomBytes(Number(byteLength));
      const [b64Url, hex] = [bytes.toString("base64url"), bytes.toString("hex")];
      return { id: b64Url, outputs: { b64Url: `${String(prefix)}${b64Url}`, hex: `${String(prefix)}${hex}` } };
    },
    outputs: ["b64Url", "hex"],
    imported: (b64Url) => ({ b64Url, hex: Buffer.from(b64Url, "base64url").toString("hex") }),
  },
};

function typeOf(token: string): RandomType {
  const type = types[token];
  if (type) return type;
  throw new Error(
    `The stand-in for random doesn't know the resource type ${token}; it knows ${Object.keys(types).join(", ")}.\n` +
      "Add it to local/standins/random/main.ts, or install the real random plugin.",
  );
}

const standIn: StandIn = {
  name: "random",
  version: "4.21.2",
  check({ type, news }) {
    typeOf(type);
    return Promise.resolve({ inputs: news, failures: [] });
  },
  // Every change needs a new value.
  diff({ oldInputs, news }) {
    const changed = changedProperties(oldInputs, news);
    return Promise.resolve({ changed, replaces: changed });
  },
  create({ type, news, preview }) {
    const { make, outputs } = typeOf(type);
    const unknown = Object.fromEntries(outputs.map((output) => [output, UNKNOWN]));
    const made = preview ? { id: "", outputs: unknown } : make(news);
    return Promise.resolve({ id: made.id, properties: { ...news, ...made.outputs } });
  },
  read({ type, id, inputs, properties }) {
    const { imported, outputs } = typeOf(type);
    if (outputs.every((output) => output in properties)) return Promise.resolve({ id, inputs, properties });
    const found = imported(id);
    return Promise.resolve({ id: type.endsWith("RandomPassword") ? "none" : id, inputs: found, properties: found });
  },
  update: () => Promise.reject(new Error("random values are replaced, never updated")),
  delete: () => Promise.resolve(),
  invoke: (token) => Promise.reject(new Error(`The stand-in for random knows no functions, so not ${token}.`)),
};

serve(standIn);
