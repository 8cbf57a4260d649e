/** The order of texts by their characters: the same on every machine, whatever its language. */
export const inOrder = (one: string, other: string): number => (one < other ? -1 : Number(one > other));
