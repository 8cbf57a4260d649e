/** How a component's description says what its `@throws` does: the reference makes a section of that paragraph. */
export const REFUSALS = "The program ends";
