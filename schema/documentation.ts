import * as ts from "typescript";
import { REFUSALS } from "./refusals";

/** What the compiler keeps of the comments before a declaration; its types leave it out. */
interface Documented {
  jsDoc?: ts.JSDoc[];
}

/** A link to a name is code to whoever reads it elsewhere. */
const textOf = (part: ts.JSDocComment): string =>
  "name" in part && part.name ? `\`${part.name.getText()}${part.text}\`` : part.text;

const partsOf = (comment: ts.JSDoc["comment"]): string =>
  typeof comment === "string" ? comment : (comment ?? []).map(textOf).join("");

/** Lines are broken for the source's sake: paragraphs and lists stay, the rest flows. */
const flowing = (text: string): string =>
  text
    .trim()
    .split(/\n\s*\n|\n(?=- )/)
    .map((paragraph) => paragraph.replace(/\s*\n\s*/g, " "))
    .join("\n");

/** What a component refuses, as a paragraph: SDKs and editors of other languages show descriptions, and no tags. */
const refusalsOf = (doc: ts.JSDoc): string[] =>
  (doc.tags ?? [])
    .filter((tag) => ts.isJSDocThrowsTag(tag))
    .map(({ comment }) => REFUSALS + partsOf(comment).replace(/^pulumi\.RunError/, ""));

/**
 * Gives each declaration of a file its comment as one text, where the compiler has several parts if the comment links to a
 * name. Pulumi's analyser takes what it finds, and makes `[object Object]` of parts (3.248: `doc.comment` in
 * provider/experimental/analyzer.js).
 */
export function flattenComments(node: ts.Node): void {
  for (const doc of (node as Documented).jsDoc ?? []) {
    const refusals = ts.isClassDeclaration(node) ? refusalsOf(doc) : [];
    Object.assign(doc, { comment: flowing([partsOf(doc.comment), ...refusals].join("\n\n")) });
  }
  node.forEachChild(flattenComments);
}

/** What the flattened comments of a file say of its interfaces, by name. */
export function interfaceDescriptions(file: ts.SourceFile): Record<string, string> {
  const described = file.statements.filter((it) => ts.isInterfaceDeclaration(it));
  const comment = (it: ts.InterfaceDeclaration & Documented) =>
    (it.jsDoc ?? []).map(({ comment }) => comment as string).join("\n");
  return Object.fromEntries(described.map((it) => [it.name.text, comment(it)]));
}
