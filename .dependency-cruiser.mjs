/**
 * How modules may depend on each other, for `npm run check`. Types count as well: what needs the type of a module can't be
 * understood, or moved, without it.
 *
 * @type {import("dependency-cruiser").IConfiguration}
 */
export default {
  forbidden: [
    {
      name: "no-circles",
      comment:
        "Of modules in a circle none can be read, tested or loaded before the others. Move what they share apart.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "no-sdk-in-checks",
      comment:
        "A configuration is checked at once, and without an engine: its checks stand in files that load no Pulumi.",
      severity: "error",
      from: { path: "^(commands/(config|diagram|gate|versions)|config/check)[.]ts$|^changes/" },
      to: { path: "node_modules/@pulumi/", reachable: true },
    },
    {
      name: "aws-sdk-in-audit-alone",
      comment: "AWS's SDK takes long to load, and only the audit asks AWS through it: other commands start without.",
      severity: "error",
      from: { path: "[.]ts$", pathNot: "^(audit/|commands/audit[.]ts$|tests/)|node_modules/" },
      to: { path: "^(audit/|commands/audit[.]ts$)|node_modules/@aws-sdk/" },
    },
    {
      name: "changes-stand-apart",
      comment:
        "What is told of changes holds for anybody's program: of this one it may know what is durable, and how arguments " +
        "are checked.",
      severity: "error",
      from: { path: "^changes/" },
      to: {
        path: "[.]ts$",
        pathNot: "^(changes|components/checks)/|^components/retention/durable[.]ts$|node_modules/",
      },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^([.]local|bench/cdk|components/(build|dist))/" },
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
  },
};
