import * as fs from "node:fs";
import * as path from "node:path";
import { commandName } from "../../local/aws/cli/run";
import { type Model, type Shape, shapeOf } from "../../local/aws/models/model";
import { type Violation, violations } from "../../local/aws/models/validate";
import type { Properties } from "../../local/plugins/properties";

/** The requests of the commands that the pages have, a file a service: cut out of botocore by `npm run models`. */
export const MODELS = path.join(__dirname, "awsCommands");

/** Options of every command: https://docs.aws.amazon.com/cli/latest/reference/#options */
const GLOBAL = ["output", "profile", "query", "region"];

/** What the AWS CLI has of its own, with the options: nothing in AWS's models says so. */
const OF_CLI_ONLY: Record<string, string[]> = {
  // https://docs.aws.amazon.com/cli/latest/reference/eks/get-token.html
  "eks get-token": ["cluster-name", "role-arn", "cluster-id"],
  // https://docs.aws.amazon.com/cli/latest/reference/s3/cp.html and sync.html, as far as they are used
  "s3 cp": [],
  "s3 sync": [],
  // https://docs.aws.amazon.com/cli/latest/reference/sso/login.html
  "sso login": ["no-browser", "sso-session", "use-device-code"],
};

export const isOfCliOnly = (words: string[]) => words.slice(1, 3).join(" ") in OF_CLI_ONLY;

/** What a reader puts something else in place of: `$(…)`, or a word in capitals. */
const PLACEHOLDER = /\$\(|\b[A-Z][A-Z_-]+\b/;

/**
 * What the AWS CLI, or AWS, would refuse in a command; nothing where all is well.
 *
 * @param isWhole whether the command has all that it needs.
 */
export function problemsOf(words: string[], isWhole = true): string[] {
  const [, serviceName = "", operationName = "", ...rest] = words;
  const { stray, options } = optionsIn(rest);
  const own = Object.keys(options).filter((name) => !GLOBAL.includes(name));
  if (isOfCliOnly(words)) {
    const known = OF_CLI_ONLY[`${serviceName} ${operationName}`]!;
    return own.filter((name) => !known.includes(name)).map((name) => `has no option --${name}`);
  }
  const model = modelOf(serviceName);
  const operation = Object.keys(model?.operations ?? {}).find((name) => commandName(name) === operationName);
  if (!model || !operation)
    return [`AWS's models have no ${serviceName} ${operationName}; if it is new: npm run models`];
  const { members = {} } = shapeOf(model, model.operations[operation]!);
  const problems = stray.map((word) => `takes no ${word}`);
  const request: Properties = {};
  for (const name of own) {
    const member = Object.keys(members).find((it) => [commandName(it), `no-${commandName(it)}`].includes(name));
    const shape = member && shapeOf(model, members[member]!);
    if (!shape || (name.startsWith("no-") && shape.type !== "boolean")) problems.push(`has no option --${name}`);
    else request[member] = parsed(model, shape, options[name]!, name.startsWith("no-"));
  }
  const found = violations(model, operation, request);
  return [
    ...problems,
    ...found
      .filter((it) => isWhole || it.kind !== "required")
      .filter(isNoPlaceholder)
      .map(told),
  ];
}

function modelOf(service: string): Model | undefined {
  const file = path.join(MODELS, `${service}.json`);
  return fs.existsSync(file) ? (JSON.parse(fs.readFileSync(file, "utf8")) as Model) : undefined;
}

/** `--tags a b --encrypted` -> `{ tags: ["a", "b"], encrypted: [] }`; words before the first option are stray. */
function optionsIn(words: string[]) {
  const stray: string[] = [];
  const options: Record<string, string[]> = {};
  let values = stray;
  for (const word of words) {
    if (!word.startsWith("--")) values.push(word);
    else {
      const [, name, value] = /^--([^=]+)=?(.*)$/s.exec(word)!;
      values = options[name!] = value ? [value] : [];
    }
  }
  return { stray, options };
}

/** An option's words as the member of a request that the CLI makes of them. */
function parsed(model: Model, shape: Shape, words: string[], isOff: boolean): unknown {
  const of = (name: string) => shapeOf(model, name);
  if (shape.type === "boolean") return words.length === 0 ? !isOff : words;
  if (shape.type === "list") return words.map((word) => shorthand(model, of(shape.member!), word));
  return words.length === 1 ? shorthand(model, shape, words[0]!) : words;
}

/**
 * `Key=a,Value=b`: https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-shorthand.html. What stands without `=` goes on
 * with the list before it.
 */
function shorthand(model: Model, shape: Shape, text: string): unknown {
  if (shape.type === "list")
    return text.split(",").map((word) => shorthand(model, shapeOf(model, shape.member!), word));
  if (shape.type !== "structure" && shape.type !== "map") return scalar(shape, text);
  const pairs = text.split(/,(?=[\w-]+=)/).map((pair) => pair.split(/=(.*)/s).slice(0, 2) as [string, string?]);
  return Object.fromEntries(
    pairs.map(([key, value = ""]) => {
      const name = shape.members ? shape.members[key] : shape.value;
      return [key, name ? shorthand(model, shapeOf(model, name), value) : value];
    }),
  );
}

function scalar({ type }: Shape, text: string): unknown {
  if (type === "boolean") return text === "true" ? true : text === "false" ? false : text;
  return ["integer", "long", "float", "double"].includes(type) && text !== "" ? Number(text) : text;
}

/** In place of a value anything may stand, but no name for one of a few. */
const isNoPlaceholder = ({ kind, value }: Violation) =>
  !["pattern", "length"].includes(kind) || !PLACEHOLDER.test(JSON.stringify(value));

const told = ({ path: member, constraint, value }: Violation) => `${member} is ${JSON.stringify(value)}: ${constraint}`;
