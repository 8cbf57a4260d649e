/** The URN of a resource of the stack shop/dev, as the engine makes it of its parent's: the stack's type is left out. */
export function urnOf(type: string, name: string, parent = ""): string {
  const above = parent.split("::")[2] ?? "";
  const types = above === "" || above === "pulumi:pulumi:Stack" ? type : `${above}$${type}`;
  return `urn:pulumi:dev::shop::${types}::${name}`;
}
