/**
 * What a value that isn't known when a component is made is called in messages: none of these may be printed itself. An output's
 * `toString` and Node's `inspect` both make 1,000 characters and more of it.
 *
 * By the marks that the SDK puts on them, which its own `isInstance` goes by, and which hold between two copies of it:
 * https://github.com/pulumi/pulumi/blob/v3.248.0/sdk/nodejs/output.ts, resource.ts. No SDK is loaded for it.
 */
const MARKS: Record<string, string> = {
  __pulumiOutput: "an output",
  __pulumiUnknown: "a value that isn't known yet",
  __pulumiResource: "a resource",
};

/** What a value is that isn't known yet, in words, such as `an output`; undefined for a plain one. */
export function deferredKind(value: unknown): string | undefined {
  if ((typeof value !== "object" && typeof value !== "function") || value === null) return undefined;
  if (value instanceof Promise) return "a promise";
  const mark = Object.keys(MARKS).find((it) => (value as Record<string, unknown>)[it] === true);
  return mark === undefined ? undefined : MARKS[mark];
}
