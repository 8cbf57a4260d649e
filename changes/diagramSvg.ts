import { instance, type Graph } from "@viz-js/viz";
import { Operation } from "./changes";
import { type Diagram, type DiagramBox, type DiagramRow, OUTSIDE, Platform, typeParts } from "./diagram";
import { countsOf, isTold, told, toldOperations, type ToldOperation } from "./operations";
import { counted } from "./text";

interface Look {
  border: string;
  fill: string;
}

/** Colours that people who can't see red or green tell apart: https://jfly.uni-koeln.de/color/. Marks say the same. */
const LOOKS: Record<ToldOperation, Look> = {
  [Operation.Delete]: { border: "#a03c00", fill: "#f6c3a5" },
  [Operation.Replace]: { border: "#8a5f00", fill: "#fde3a0" },
  [Operation.Update]: { border: "#0072b2", fill: "#cfe6f7" },
  [Operation.Create]: { border: "#00644a", fill: "#c9efe0" },
  [Operation.Import]: { border: "#87467a", fill: "#f0d6e6" },
};
const PLAIN: Look = { border: "#5b6777", fill: "#ffffff" };
const lookOf = (operation: Operation): Look => (isTold(operation) ? LOOKS[operation] : PLAIN);
const markOf = (operation: Operation): string => (isTold(operation) ? told[operation].mark : "");
const DURABLE = "\u25c6";
const FONT = "Helvetica,Arial,sans-serif";
const INK = "#1d2733";
const FAINT = "#48566a";
/** Rows of a box that nothing happens to, at most. */
const MOST_ROWS = 16;
/** Names in a tooltip, and of what changes in a row, at most. */
const MOST_NAMES = 30;
const LONGEST_LABEL = 40;

/** What XML can't say becomes a question mark in a box. */
const sayable = (text: string): string => text.replace(/[\p{Cc}\p{Cs}\uFFFE\uFFFF]/gu, "\uFFFD");

/** Text for an HTML-like label of Graphviz, which reads it as XML. */
const escaped = (text: string): string =>
  sayable(text).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

/** Graphviz puts the node's name for `\N` in a tooltip. */
const tooltip = (text: string): string => escaped(text).replaceAll("\\", "\\\\");

const fit = (text: string, length: number): string => {
  const characters = [...text];
  return characters.length <= length ? text : `${characters.slice(0, length - 1).join("")}\u2026`;
};

const isChanged = ({ operation }: { operation: Operation }): boolean => isTold(operation);

/** `efs.MountTarget` on AWS, `Deployment` on Kubernetes, `aws.ssm.Parameter` elsewhere than at home. */
function typeLabel(type: string, platform: Platform): string {
  const { pack, module, kind } = typeParts(type);
  if (pack === "kubernetes") return platform === Platform.Kubernetes ? kind : `kubernetes.${kind}`;
  if (pack === "eks") return `eks.${kind}`;
  if (pack === "aws") return platform === Platform.Aws ? `${module}.${kind}` : `aws.${module}.${kind}`;
  return pack.startsWith("pulumi") ? [module, kind].join(".") : `${pack}.${kind}`;
}

/** The names without what the box says already; where nothing is left, the whole name. */
function shortNames({ names }: DiagramRow, prefixes: string[]): string[] {
  return names.map((name) => {
    const prefix = prefixes.find((it) => it !== "" && name.startsWith(`${it}-`));
    return prefix === undefined ? name : name.slice(prefix.length + 1);
  });
}

const listed = (names: string[]): string =>
  [...names.slice(0, MOST_NAMES), ...(names.length > MOST_NAMES ? [`and ${names.length - MOST_NAMES} more`] : [])].join(
    ", ",
  );

/** A cell of one line. Its width has room for fonts that are wider than Helvetica, which few machines have. */
function cell(text: string, { size = 11, attributes = "", bold = false }): string {
  const width = Math.ceil([...text].length * size * (bold ? 0.63 : 0.6)) + 5;
  const run = `<FONT POINT-SIZE="${size}">${escaped(text)}</FONT>`;
  return `<TR><TD ALIGN="LEFT" WIDTH="${width}" ${attributes}>${bold ? `<B>${run}</B>` : run}</TD></TR>`;
}

function rowCells(row: DiagramRow, box: DiagramBox, stackName: string): string {
  const count = row.names.length > 1 ? `${row.names.length} ` : "";
  const title = `${row.type}${isTold(row.operation) ? `, ${told[row.operation].what}` : ""}: ${listed(row.names)}`;
  const attributes = `BGCOLOR="${lookOf(row.operation).fill}" TITLE="${tooltip(title)}"`;
  const marks = [markOf(row.operation), row.isDurable ? DURABLE : ""]
    .filter(Boolean)
    .map((it) => `${it} `)
    .join("");
  const text = fit(`${marks}${count}${typeLabel(row.type, box.platform)}`, LONGEST_LABEL);
  const line = cell(text, { attributes, bold: row.isDurable || isChanged(row) });
  // A dynamic resource's type says nothing.
  if (!isChanged(row) && row.type !== "pulumi-nodejs:dynamic:Resource") return line;
  const names = shortNames(row, [box.name, stackName]).join(", ");
  return line + cell(fit(names, LONGEST_LABEL + 4), { size: 9, attributes });
}

function boxLabel(box: DiagramBox, stackName: string): string {
  const rows = box.rows.filter((row, index) => index < MOST_ROWS || isChanged(row));
  const left = box.rows.slice(rows.length).reduce((sum, { names }) => sum + names.length, 0);
  const worst = toldOperations.find((it) => [box, ...box.rows].some(({ operation }) => operation === it));
  const head = `CELLPADDING="4" BGCOLOR="${isChanged(box) ? lookOf(box.operation).fill : "#e9edf3"}"`;
  const title = fit([markOf(box.operation), box.title, box.name].filter(Boolean).join(" "), LONGEST_LABEL);
  return [
    `<TABLE BORDER="${worst ? 2 : 1}" COLOR="${lookOf(worst ?? Operation.Same).border}" CELLBORDER="0" CELLSPACING="0" CELLPADDING="3" BGCOLOR="#ffffff">`,
    cell(title, { attributes: `${head} TITLE="${tooltip(box.key)}"`, bold: true }),
    ...rows.map((row) => rowCells(row, box, stackName)),
    ...(left > 0 ? [cell(`and ${left} more`, {})] : []),
    "</TABLE>",
  ].join("");
}

/** What is in the picture, in one sentence. */
export function summaryOf({ boxes, unseen }: Diagram): string {
  const operations = boxes.flatMap(({ rows }) => rows.flatMap(({ names, operation }) => names.map(() => operation)));
  const components = boxes.filter(({ key }) => key !== OUTSIDE).length;
  const whole = `${counted(operations.length, "resource")}, ${counted(components, "component")}`;
  const counts = countsOf(operations);
  const left = unseen > 0 ? [`${unseen} that stay the same aren't shown`] : [];
  return [[whole, counts.join(", ")].filter(Boolean).join(": "), ...left].join("; ");
}

/** Title, contents and legend. */
function heading(diagram: Diagram): string {
  const rows = diagram.boxes.flatMap((box) => [box, ...box.rows]);
  const present = [...toldOperations].reverse().filter((it) => rows.some(({ operation }) => operation === it));
  const colours = present.map((it) => {
    const { fill, border } = LOOKS[it];
    const attributes = `BGCOLOR="${fill}" BORDER="1" COLOR="${border}"`;
    return cell(`${told[it].mark} ${told[it].what}`, { attributes });
  });
  const legend = [cell(`${DURABLE} durable`, {}), ...colours, cell("A \u2192 B: A needs B, and what B needs", {})];
  const beside = legend.map((it) => it.replaceAll(/<\/?TR>/g, "")).join("");
  const title = cell(`${diagram.title}: ${summaryOf(diagram)}`, { size: 13, bold: true });
  return `<TABLE BORDER="0" CELLSPACING="0" CELLPADDING="0">${title}<TR><TD ALIGN="LEFT"><TABLE BORDER="0" CELLSPACING="6" CELLPADDING="2"><TR>${beside}</TR></TABLE></TD></TR></TABLE>`;
}

/** What each box is called, by its key: no two alike. */
function boxNames({ boxes }: Diagram): Map<string, string> {
  const names = new Map<string, string>();
  const taken = new Set<string>();
  for (const { key, title, name } of boxes) {
    const base = sayable([title, name].filter(Boolean).join(" "));
    let own = base;
    for (let number = 2; taken.has(own); number += 1) own = `${base} (${number})`;
    taken.add(own);
    names.set(key, own);
  }
  return names;
}

function graphOf(diagram: Diagram): Graph {
  const stackName = diagram.title.replace(" ", "-");
  const names = boxNames(diagram);
  const nodes = (platform: Platform) =>
    diagram.boxes
      .filter((box) => box.platform === platform)
      .map((box) => ({ name: names.get(box.key)!, attributes: { label: { html: boxLabel(box, stackName) } } }));
  const group = (platform: Platform, fill: string) => ({
    name: `cluster_${platform}`,
    graphAttributes: {
      label: { html: `<TABLE BORDER="0" CELLPADDING="0">${cell(platform, { size: 12 })}</TABLE>` },
      bgcolor: fill,
      color: "#b6bfcb",
      style: "rounded",
      labeljust: "l",
      margin: 10,
    },
    nodes: nodes(platform),
  });
  return {
    directed: true,
    graphAttributes: {
      ...{ bgcolor: "#ffffff", fontname: FONT, fontsize: 12, fontcolor: INK, label: { html: heading(diagram) } },
      ...{ labelloc: "t", rankdir: "TB", newrank: true, nodesep: 0.15, ranksep: 0.4, pad: 0.15 },
    },
    nodeAttributes: { shape: "plain", fontname: FONT, fontsize: 11, fontcolor: INK },
    edgeAttributes: { color: FAINT, arrowsize: 0.7 },
    nodes: nodes(Platform.Other),
    subgraphs: [group(Platform.Aws, "#fbf8f1"), group(Platform.Kubernetes, "#f2f5fc")].filter(
      (it) => it.nodes.length > 0,
    ),
    edges: diagram.arrows.map(([from, to]) => ({ tail: names.get(from)!, head: names.get(to)! })),
  };
}

/**
 * The picture as SVG, by Graphviz: the same diagram gives the same bytes. Its texts are texts; what is behind a row is in its
 * `<title>`. White stands behind it, whatever the page's colour.
 */
export async function svgOf(diagram: Diagram): Promise<string> {
  // Where nothing is known to need anything, the boxes are packed: in layers all would be one.
  const engine = diagram.arrows.length > 0 ? "dot" : "osage";
  const svg = (await instance()).renderString(graphOf(diagram), { format: "svg", engine });
  const head = [
    `<title id="diagram-title">${escaped(diagram.title)}</title>`,
    `<desc id="diagram-description">${escaped(`${diagram.title}: ${summaryOf(diagram)}`)}. An arrow leads to what is needed.</desc>`,
  ];
  return svg
    .slice(svg.indexOf("<svg"))
    .replace(
      /^<svg ([^>]*)>/,
      `<svg role="img" aria-labelledby="diagram-title diagram-description" $1>\n${head.join("\n")}`,
    )
    .replace(/<title>cluster_/g, "<title>")
    .replace(/<a xlink:title="([^"]*)">/g, "<g><title>$1</title>")
    .replaceAll("</a>", "</g>");
}
