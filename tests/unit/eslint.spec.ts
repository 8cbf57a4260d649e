import assert from "node:assert/strict";
import * as path from "node:path";
import { ESLint } from "eslint";
import * as ts from "typescript";

const root = path.join(__dirname, "../..");

const declarations = `
  import * as pulumi from "@pulumi/pulumi";
  declare const aws: { s3: { Bucket: new (name: string) => object } };
  declare const output: pulumi.Output<string>;
  declare const input: pulumi.Input<string>;
  declare const flag: pulumi.Output<boolean>;
  declare const flagInput: pulumi.Input<boolean> | undefined;
  declare const count: pulumi.Output<number>;
  declare const text: string | undefined;
  declare function use(...values: unknown[]): void;
  export { aws, count, flag, flagInput, input, output, pulumi, text, use };
`;

/** A program of one file that doesn't exist, and of what it imports: all of the project's would take ten times as long. */
function programOf(file: string, text: string): ts.Program {
  const target = ts.ScriptTarget.ES2022;
  const options = { strict: true, target, module: ts.ModuleKind.Node16, types: [], skipLibCheck: true };
  const host = ts.createCompilerHost(options, true);
  const read = host.getSourceFile.bind(host);
  host.getSourceFile = (name, ...rest) =>
    name === file ? ts.createSourceFile(name, text, target, true) : read(name, ...rest);
  return ts.createProgram([file], options, host);
}

/** The rules that each line of code breaks, linted as one file: checking its types takes longer than all the rules. */
async function broken(lines: string[], file: string): Promise<string[][]> {
  const filePath = path.join(root, file);
  const text = `${lines.join(";\n")};\n${declarations}`;
  const parserOptions = { projectService: false, programs: [programOf(filePath, text)] };
  const eslint = new ESLint({ cwd: root, overrideConfig: { languageOptions: { parserOptions } } });
  const [result] = await eslint.lintText(text, { filePath });
  return lines.map((_, index) => {
    const messages = result!.messages.filter(({ line }) => line === index + 1);
    const rules = messages.map(({ ruleId, message }) => (ruleId ?? message).replace("@typescript-eslint/", ""));
    return [...new Set(rules)];
  });
}

describe("the lint rules", function () {
  this.timeout(60_000);

  const refused: [string, string][] = [
    ["export * from './nowhere/components'", "no-restricted-imports"],
    ["use(`a ${output}`)", "restrict-template-expressions"],
    ["use(`a ${input}`)", "restrict-template-expressions"],
    ["use(output + 'a')", "restrict-plus-operands"],
    ["use(count + 1)", "restrict-plus-operands"],
    ["use(String(output))", "no-base-to-string"],
    ["use(output.toString())", "no-base-to-string"],
    ["use([output].join())", "no-base-to-string"],
    ["use(output ?? 'a')", "no-unnecessary-condition"],
    ["use(output || 'a')", "no-unnecessary-condition"],
    ["use(flag ? 1 : 2)", "no-unnecessary-condition"],
    ["use(!flag)", "strict-boolean-expressions"],
    ["use(flagInput ? 1 : 2)", "strict-boolean-expressions"],
    ["use(flagInput && 1)", "strict-boolean-expressions"],
    ["use(input === 'a')", "house/no-output-comparison"],
    ["use('a' !== output)", "house/no-output-comparison"],
    ["use(count > 1)", "house/no-output-comparison"],
    ["use(JSON.stringify({ output }))", "no-restricted-syntax"],
    ["use(output.apply((name) => new aws.s3.Bucket(name)))", "no-restricted-syntax"],
    ["use(pulumi.all([output]).apply(([name]) => { if (name) new aws.s3.Bucket(name); }))", "no-restricted-syntax"],
    ["use('arn:aws:iam::aws:policy/A')", "no-restricted-syntax"],
    ["use(`arn:aws:s3:::${text ?? ''}`)", "no-restricted-syntax"],
    ["use(pulumi.interpolate`arn:aws:s3:::${output}`)", "no-restricted-syntax"],
    ["use(/^arn:aws:iam::/)", "no-restricted-syntax"],
    ["Promise.resolve()", "no-floating-promises"],
  ];

  const accepted = [
    "use(pulumi.interpolate`a ${output}`)",
    "use(pulumi.jsonStringify({ output }))",
    "use(`arn:${text ?? ''}:iam::aws:policy/A`, pulumi.interpolate`arn:${output}:s3:::a`, /^arn:aws[a-z-]*:/)",
    "use(text ?? 'a', text ? 1 : 2, `a ${text?.length ?? 0}`, text === 'a')",
    "use(flagInput ?? true, flagInput === undefined)",
    "use(output.apply((name) => { if (name === '') throw new pulumi.RunError('no name'); return name; }))",
  ];

  const rulesOf = new Map<string, string[]>();
  before(async () => {
    const lines = [...refused.map(([code]) => code), ...accepted];
    const found = await broken(lines, "components/rules.fixture.ts");
    lines.forEach((line, index) => rulesOf.set(line, found[index]!));
  });

  for (const [code, rule] of refused) {
    it(`refuse ${code}: ${rule}`, () => {
      const rules = rulesOf.get(code)!;
      assert.ok(rules.includes(rule), `found ${rules.join() || "nothing"}`);
    });
  }
  for (const code of accepted) {
    it(`accept ${code}`, () => assert.deepEqual(rulesOf.get(code), []));
  }

  it("hold for the program too", async () => {
    assert.deepEqual(await broken(["use(input === JSON.stringify(text))"], "rules.fixture.ts"), [
      ["house/no-output-comparison", "no-restricted-syntax"],
    ]);
  });
});
