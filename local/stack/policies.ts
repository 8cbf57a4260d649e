import * as fs from "node:fs";
import * as path from "node:path";
import { parse, stringify } from "yaml";

/** The checkout's own policy pack. */
export const PACK = path.join(__dirname, "..", "..", "policy");

/** A runtime that no host is of: a pack of it is started by the command `pulumi-analyzer-policy-NAME`. */
export const RUNTIME = "checkout";

/**
 * The policy pack for another project's program: its copy in the local cloud says only how it is started. Where the program's
 * host is Pulumi's of Node.js, the engine would have that start packs of Node.js too, which the last that Go can build refuses.
 *
 * @returns The copy's directory.
 */
export function packOfCheckout(cloud: string): string {
  const directory = path.join(cloud, "policies");
  const file = parse(fs.readFileSync(path.join(PACK, "PulumiPolicy.yaml"), "utf8")) as { runtime: object };
  fs.mkdirSync(directory, { recursive: true });
  const text = stringify({ ...file, runtime: { ...file.runtime, name: RUNTIME } });
  fs.writeFileSync(path.join(directory, "PulumiPolicy.yaml"), text);
  return directory;
}
