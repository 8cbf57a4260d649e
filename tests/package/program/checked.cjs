// Prints what TypeScript says of some files, as JSON: its version, and a line a mistake. It is the TypeScript that the SDK takes
// here: the project's own, or the one that the SDK brings.
const ts = require(require("@pulumi/pulumi/tsutils").typeScriptRequireStrings().typescriptRequire);

const { config } = ts.readConfigFile("tsconfig.json", ts.sys.readFile);
const { options } = ts.parseJsonConfigFileContent(config, ts.sys, process.cwd());
const program = ts.createProgram(process.argv.slice(2), { ...options, noEmit: true });
const said = ts.getPreEmitDiagnostics(program).map(({ file, messageText }) => {
  return `${file ? file.fileName : "tsconfig.json"}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`;
});
process.stdout.write(JSON.stringify({ version: ts.version, said }));
