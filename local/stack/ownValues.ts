import { replaceExampleAccounts } from "../../components/checks/examples";

/**
 * The local cloud's own networks, in place of those for documentation. They are for benchmarks (RFC 2544): nobody on the
 * internet has them either, and none of AWS's rules knows them.
 */
const NETWORKS: Record<string, string> = {
  "192.0.2.": "198.18.2.",
  "198.51.100.": "198.18.100.",
  "203.0.113.": "198.18.113.",
};

/** The local cloud's own account, in place of one of AWS's examples: 111101013333 for 111122223333. Each has its own. */
const ownAccount = (example: string) => `${example.slice(0, 4)}0101${example.slice(8)}`;

/** A text, with values of the local cloud's own in place of examples. */
export function ownText(text: string): string {
  const own = text.replace(/(?<![\d.])\d+\.\d+\.\d+\.(?=\d)/g, (start) => NETWORKS[start] ?? start);
  return replaceExampleAccounts(own, ownAccount);
}

/** A value of a stack's file, as it is there or as a program gets it. */
function ownValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ownValue);
  if (typeof value === "string") return ownText(value);
  // An account's id without quotes is a number.
  return typeof value === "number" && ownText(String(value)) !== String(value) ? ownText(String(value)) : value;
}

/**
 * The configuration that the local cloud deploys of a stack's file: its copy has values of the local cloud's own in place of
 * examples, which the program refuses everywhere. Tags are anybody's own words. By full name.
 */
export const withOwnValues = <Value>(config: Record<string, Value>): Record<string, Value> =>
  Object.fromEntries(
    Object.entries(config).map(([key, value]) => [key, key.endsWith(":tags") ? value : (ownValue(value) as Value)]),
  );
