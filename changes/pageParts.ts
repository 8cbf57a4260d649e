/** A part of a page that can be folded, and cut between its items. */
export interface Section {
  /** In the project's own words: it stands in HTML too. */
  title: string;
  /** Whether it stays open where a long page's sections are folded. */
  isOpen?: boolean;
  /** Lines above the items, such as a table's head; each item is a line then. Default: none, and the items are blocks. */
  head?: string[];
  /** At least one. */
  items: string[];
}

export interface PageLimits {
  /** Lines above which the sections are folded. */
  foldAbove: number;
  /** Characters, as JavaScript counts them. */
  longest: number;
}

/** How many of a section's items are left out. */
interface Omission {
  title: string;
  left: number;
  of: number;
}

const begun = ({ title, isOpen, head }: Section, isFolded: boolean): string[] => [
  "",
  ...(isFolded ? [`<details${isOpen ? " open" : ""}><summary>${title}</summary>`] : [`### ${title}`]),
  "",
  ...(head ?? []),
];
const ended = (isFolded: boolean): string[] => (isFolded ? ["", "</details>"] : []);

/** Items one below the other: rows of a table, or blocks with an empty line between. */
const joined = ({ head }: Section, items: string[]): string[] =>
  head ? items : items.flatMap((item, index) => (index === 0 ? [item] : ["", item]));

const length = (lines: string[]): number => lines.reduce((sum, line) => sum + line.length + 1, 0);

function omissionNote(omissions: Omission[], whole: string): string[] {
  if (omissions.length === 0) return [];
  const told = omissions.map(({ title, left, of }) => `${left} of ${of} in "${title}"`);
  return ["", `**Cut here.** Not shown: ${told.join(", ")}. ${whole}`];
}

/**
 * A page of a head and sections. A long one is folded; one that is too long is cut between two items, and says what it leaves
 * out. Tables and foldings are whole then too.
 *
 * @param whole A sentence that says where all of it is, in Markdown.
 */
export function pageOf(head: string[], sections: Section[], whole: string, limits: PageLimits): string {
  const full = (isFolded: boolean) => [
    ...head,
    ...sections.flatMap((it) => [...begun(it, isFolded), ...joined(it, it.items), ...ended(isFolded)]),
  ];
  const isFolded = full(false).join("\n").split("\n").length > limits.foldAbove;
  const lines = full(isFolded);
  if (length(lines) <= limits.longest) return `${lines.join("\n")}\n`;
  return `${cut(head, sections, whole, limits.longest, isFolded).join("\n")}\n`;
}

/** The items of a section that have room, from the first on. */
function fitting(section: Section, room: number, isFolded: boolean): string[] {
  let left = room - length(begun(section, isFolded)) - length(ended(isFolded));
  const end = section.items.findIndex((item, index) => {
    left -= length(index === 0 || section.head ? [item] : ["", item]);
    return left < 0;
  });
  return end < 0 ? section.items : section.items.slice(0, end);
}

/** Room goes to what stays open, then to the short sections: of a list of thousands nobody misses the end. */
function cut(head: string[], sections: Section[], whole: string, longest: number, isFolded: boolean): string[] {
  const all = sections.map(({ title, items }) => ({ title, left: items.length, of: items.length }));
  let room = longest - length(head) - length(omissionNote(all, whole));
  const linesOf = (section: Section, items: string[]): string[] =>
    items.length === 0 ? [] : [...begun(section, isFolded), ...joined(section, items), ...ended(isFolded)];
  const rank = ({ isOpen, items }: Section): number => (isOpen ? 0 : length(items));
  const shown = new Map<Section, string[]>();
  for (const section of [...sections].sort((one, other) => rank(one) - rank(other))) {
    const items = fitting(section, room, isFolded);
    room -= length(linesOf(section, items));
    shown.set(section, items);
  }
  const omissions = sections.map((it) => ({
    title: it.title,
    left: it.items.length - shown.get(it)!.length,
    of: it.items.length,
  }));
  return [
    ...head,
    ...sections.flatMap((it) => linesOf(it, shown.get(it)!)),
    ...omissionNote(
      omissions.filter(({ left }) => left > 0),
      whole,
    ),
  ];
}
