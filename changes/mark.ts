/**
 * The hidden first line of a comment or an issue about one stack, by which it is found again: as a line, since a page may have
 * the same elsewhere. Two stacks never have the same: what isn't a letter, a digit or one of `-_.~!*'()` is percent-encoded, so that a name can't end the mark early.
 */
export const markOf = (what: "preview" | "drift", stack: string): string =>
  `<!-- eks-storage ${what} ${stack.replace(/[^\w\-.~!*'()/]/gsu, encoded)} -->`;

/** As a URL has it; half a surrogate pair, which no URL can have, by its number. */
const encoded = (character: string): string =>
  /\p{Cs}/u.test(character) ? `%u${character.charCodeAt(0).toString(16)}` : encodeURIComponent(character);
