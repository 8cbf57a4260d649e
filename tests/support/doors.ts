import * as path from "node:path";
import * as ts from "typescript";

const COMPONENTS = path.join(__dirname, "../../components");

/** One value that a component is told: an argument, or what is in one. */
export interface Argument {
  component: string;
  /** Such as `accessPoints.*.identity.uid`: `*` stands for a record's keys and a list's places. */
  path: string;
  /** `string`, `number`, `boolean`, or the name of a closed set. */
  type: string;
  /** What needn't be given of what it is in, as the beginnings of its path. */
  optional: string[];
}

/** Of the project's own files alone: with the SDKs' types it would take ten times as long. */
function programOf(file: string): ts.Program {
  const options: ts.CompilerOptions = { strict: true, target: ts.ScriptTarget.ES2022, noLib: true, types: [] };
  const host = ts.createCompilerHost(options);
  host.resolveModuleNameLiterals = (literals, containing) =>
    literals.map(({ text }) => {
      const resolvedFileName = `${path.resolve(path.dirname(containing), text)}.ts`;
      if (!text.startsWith(".")) return { resolvedModule: undefined };
      return { resolvedModule: { resolvedFileName, extension: ts.Extension.Ts, isExternalLibraryImport: false } };
    });
  return ts.createProgram([file], options, host);
}

/** Every value that the package's components are told, as their arguments' types say. */
export function argumentsOfComponents(): Argument[] {
  const index = path.join(COMPONENTS, "index.ts");
  const program = programOf(index);
  const checker = program.getTypeChecker();
  const real = (symbol: ts.Symbol) => (symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol);
  const symbolOf = (node: ts.Node) => real(checker.getSymbolAtLocation(node)!);

  const within = (node: ts.TypeNode): [path: string[], type: string][] => {
    const below = (key: string, type: ts.TypeNode) =>
      within(type).map(([rest, name]): [string[], string] => [[key, ...rest], name]);
    if (ts.isArrayTypeNode(node)) return below("*", node.elementType);
    if (!ts.isTypeReferenceNode(node)) return [[[], node.getText()]];
    const name = ts.isQualifiedName(node.typeName) ? node.typeName.right.text : node.typeName.text;
    if (name === "Input") return within(node.typeArguments![0]!);
    if (name === "Record") return below("*", node.typeArguments![1]!);
    const declared = symbolOf(node.typeName).declarations!.find(ts.isInterfaceDeclaration);
    if (!declared) return [[[], name]];
    return declared.members
      .filter(ts.isPropertySignature)
      .flatMap((member) => below(member.name.getText() + (member.questionToken ? "?" : ""), member.type!));
  };

  const exported = checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(index)!)!).map(real);
  return exported.flatMap(({ name: component, declarations = [] }) => {
    const constructor = declarations
      .filter(ts.isClassDeclaration)
      .flatMap(({ members }) => members.filter(ts.isConstructorDeclaration))[0];
    if (!constructor) return [];
    const { type } = constructor.parameters.find(({ name }) => name.getText() === "args")!;
    return within(type!).map(([names, type]) => {
      const beginnings = names.map((_, index) => names.slice(0, index + 1).join("."));
      const plain = (text: string) => text.replaceAll("?", "");
      const optional = beginnings.filter((it) => it.endsWith("?")).map(plain);
      return { component, path: plain(names.join(".")), type, optional };
    });
  });
}
