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
  /** Whether its type is an `Input`: where not, it is plain. */
  takesOutput: boolean;
  /** Whether it is a record, a list or an interface, whose members are arguments themselves. */
  hasMembers: boolean;
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

/** A place in an argument's type, by its names from the outside in. */
type Place = Pick<Argument, "type" | "takesOutput" | "hasMembers"> & { names: string[] };

/** Every value that the package's components are told, as their arguments' types say. */
export const argumentsOfComponents = (): Argument[] => placesOfComponents().filter(({ hasMembers }) => !hasMembers);

/** The same, and the records, lists and interfaces that these values are in. */
export function placesOfComponents(): Argument[] {
  const index = path.join(COMPONENTS, "index.ts");
  const program = programOf(index);
  const checker = program.getTypeChecker();
  const real = (symbol: ts.Symbol) => (symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol);
  const symbolOf = (node: ts.Node) => real(checker.getSymbolAtLocation(node)!);

  const within = (node: ts.TypeNode, takesOutput = false): Place[] => {
    const below = (key: string, type: ts.TypeNode) =>
      within(type).map(({ names, ...place }) => ({ names: [key, ...names], ...place }));
    const holding = (members: Place[]): Place[] => {
      const itself = { names: [], type: node.getText(), takesOutput, hasMembers: members.length > 0 };
      return [itself, ...members];
    };
    if (ts.isArrayTypeNode(node)) return holding(below("*", node.elementType));
    if (!ts.isTypeReferenceNode(node)) return holding([]);
    const name = ts.isQualifiedName(node.typeName) ? node.typeName.right.text : node.typeName.text;
    if (name === "Input") return within(node.typeArguments![0]!, true);
    if (name === "Record") return holding(below("*", node.typeArguments![1]!));
    const declared = symbolOf(node.typeName).declarations!.find(ts.isInterfaceDeclaration);
    const members = declared?.members.filter(ts.isPropertySignature) ?? [];
    return holding(members.flatMap((it) => below(it.name.getText() + (it.questionToken ? "?" : ""), it.type!)));
  };

  const exported = checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(index)!)!).map(real);
  return exported.flatMap(({ name: component, declarations = [] }) => {
    const constructor = declarations
      .filter(ts.isClassDeclaration)
      .flatMap(({ members }) => members.filter(ts.isConstructorDeclaration))[0];
    if (!constructor) return [];
    const { type } = constructor.parameters.find(({ name }) => name.getText() === "args")!;
    // The first is the arguments themselves.
    const [, ...places] = within(type!);
    return places.map(({ names, ...place }) => {
      const beginnings = names.map((_, index) => names.slice(0, index + 1).join("."));
      const plain = (text: string) => text.replaceAll("?", "");
      const optional = beginnings.filter((it) => it.endsWith("?")).map(plain);
      return { component, path: plain(names.join(".")), ...place, optional };
    });
  });
}
