import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

/**
 * An output is an object, whatever it holds: compared with anything else it is simply different, and TypeScript accepts
 * that of an input, which might be plain. The other ways to take an output for its value are caught by typescript-eslint.
 */
const noOutputComparison = {
  meta: {
    type: "problem",
    schema: [],
    messages: {
      compared: "An output, or an input that may be one, never equals a plain value: compare inside apply().",
    },
  },
  create(context) {
    const { program, esTreeNodeToTSNodeMap } = context.sourceCode.parserServices;
    const checker = program.getTypeChecker();
    // Output<T> is an intersection of OutputInstance<T> with T's lifted members.
    const isOutput = (type) =>
      type.isUnionOrIntersection() ? type.types.some(isOutput) : type.symbol?.name === "OutputInstance";
    const mayBeOutput = (node) => isOutput(checker.getTypeAtLocation(esTreeNodeToTSNodeMap.get(node)));
    const isAbsence = (node) => node.name === "undefined";
    return {
      "BinaryExpression[operator=/^([!=]==?|[<>]=?)$/]"({ left, right, ...node }) {
        if (isAbsence(left) || isAbsence(right)) return;
        if (mayBeOutput(left) || mayBeOutput(right)) context.report({ loc: node.loc, messageId: "compared" });
      },
    };
  },
};

export default defineConfig(
  {
    ignores: [
      "node_modules/",
      "**/dist/",
      "components/build/",
      ".local/",
      "bench/cdk/",
      "tests/package/program/",
      "examples/",
    ],
  },
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.recommendedTypeChecked],
    plugins: { house: { rules: { "no-output-comparison": noOutputComparison } } },
    languageOptions: {
      parserOptions: {
        projectService: true,
        tsconfigRootDir: import.meta.dirname,
      },
    },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "@typescript-eslint/no-misused-promises": [
        "error",
        { checksVoidReturn: { arguments: false, properties: false } },
      ],
      "@typescript-eslint/no-this-alias": ["error", { allowedNames: ["parent"] }],
      "@typescript-eslint/no-unnecessary-condition": [
        "error",
        { allowConstantLoopConditions: "only-allowed-literals" },
      ],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            {
              regex: "^[.]{1,2}/(.*/)?components$",
              message: "The folder's package.json leads to what was built, if it was: import components/index.",
            },
          ],
        },
      ],
      // Providers, hooks and stand-ins implement asynchronous interfaces, some of them with nothing to wait for.
      "@typescript-eslint/require-await": "off",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
    },
  },
  {
    // The program. Outputs are no values: not in texts and sums (restrict-template-expressions, restrict-plus-operands and
    // no-base-to-string, which are on everywhere), not as conditions, not in comparisons.
    files: ["*.ts", "bootstrap/**/*.ts", "components/**/*.ts", "config/**/*.ts"],
    rules: {
      "house/no-output-comparison": "error",
      "@typescript-eslint/strict-boolean-expressions": [
        "error",
        { allowNullableBoolean: true, allowNullableString: true, allowNullableNumber: true },
      ],
      "no-restricted-syntax": [
        "error",
        {
          selector:
            "CallExpression[callee.property.name=/^(apply|all)$/] NewExpression:not([callee.name=/Error$/], [callee.property.name=/Error$/])",
          message: "A first preview doesn't show what is created inside apply(): create it outside, from outputs.",
        },
        ...[
          "Literal[value=/arn:aws:/]",
          "TemplateElement[value.raw=/arn:aws:/]",
          "Literal[regex.pattern=/arn:aws:/]",
        ].map((selector) => ({
          selector,
          message:
            "In China and in GovCloud ARNs begin otherwise: take the partition from the region, with partitionOf().",
        })),
        {
          selector: "MemberExpression[object.name='JSON'][property.name='stringify']",
          message: "JSON.stringify doesn't wait for outputs: use pulumi.jsonStringify, and util.inspect for messages.",
        },
      ],
    },
  },
  {
    // The local cloud, the policies and the tests read documents that have no types: Kubernetes objects, what was registered.
    files: ["bench/**/*.ts", "local/**/*.ts", "policy/**/*.ts", "tests/**/*.ts"],
    rules: {
      "@typescript-eslint/no-explicit-any": "off",
      "@typescript-eslint/no-require-imports": "off",
      "@typescript-eslint/no-unsafe-argument": "off",
      "@typescript-eslint/no-unsafe-assignment": "off",
      "@typescript-eslint/no-unsafe-call": "off",
      "@typescript-eslint/no-unsafe-member-access": "off",
      "@typescript-eslint/no-unsafe-return": "off",
    },
  },
);
