import * as fs from "node:fs";
import * as path from "node:path";

/** One of AWS's own policies, in the version that applies by default. */
export interface ManagedPolicy {
  version: string;
  updated: string;
  document: { Version: string; Statement: object[] };
}

/** AWS's own policies that the program attaches, by ARN: cut out of moto by `npm run models`. */
export const managedPolicies = JSON.parse(fs.readFileSync(path.join(__dirname, "policies.json"), "utf8")) as Record<
  string,
  ManagedPolicy
>;
