import * as fs from "node:fs";
import * as path from "node:path";
import { readProject } from "../../config/files";
import type { Local } from "./local";

/** A stack in the cloud of another one. */
export interface Guest {
  project: string;
  stack: string;
}

const guestDirectory = (cloud: string, { project, stack }: Guest) => path.join(cloud, "guests", project, stack);

/**
 * Where the engine has a stack's own files: the copy of its configuration, with the salt of its secrets, and the engine's
 * home. A guest has them apart from its host's.
 */
export function ownDirectory({ checkout, stack, cloud, beside }: Local): string {
  return beside ? guestDirectory(cloud, { project: readProject(checkout).project, stack }) : cloud;
}

/** The file that says where a guest's program is. */
const FOLDER = "folder";

/** Where the engine has the copies of a stack's files, below its own directory. */
export const copiesOf = (own: string): string => path.join(own, "pulumi");

/** Notes where a guest's program is, for messages to its host; of one that is gone it stays where it was. */
export function noteGuest(local: Local): void {
  if (local.beside && local.checkout !== copiesOf(ownDirectory(local)))
    fs.writeFileSync(path.join(ownDirectory(local), FOLDER), local.checkout);
}

/** Removes a guest's files; the last one's take the directory of guests with them. */
export function removeGuest(local: Local): void {
  const own = ownDirectory(local);
  fs.rmSync(own, { recursive: true, force: true, maxRetries: 3 });
  for (const directory of [path.dirname(own), path.dirname(path.dirname(own))])
    if (fs.readdirSync(directory).length === 0) fs.rmdirSync(directory);
}

/** Where a guest's program was at its last command; undefined where there is no such guest. */
export function guestFolder(cloud: string, guest: Guest): string | undefined {
  const file = path.join(guestDirectory(cloud, guest), FOLDER);
  return fs.existsSync(file) ? fs.readFileSync(file, "utf8") : undefined;
}

/** The guest whose program was in a folder at its last command: its host's cloud has the copy of its Pulumi.yaml. */
export function guestOnceIn(folder: string, stack: string, host: Local): Local | undefined {
  const guests = path.join(host.cloud, "guests");
  const projects = fs.existsSync(guests) ? fs.readdirSync(guests) : [];
  const project = projects.find((it) => guestFolder(host.cloud, { project: it, stack }) === folder);
  if (project === undefined) return undefined;
  const checkout = copiesOf(guestDirectory(host.cloud, { project, stack }));
  return { checkout, stack, isOther: true, cloud: host.cloud, beside: host };
}

/** The other stacks that have resources in a stack's cloud, by the states there. */
export function guestsOf({ checkout, stack, cloud }: Local): Guest[] {
  const states = path.join(cloud, "state", ".pulumi", "stacks");
  const files = fs.existsSync(states) ? fs.readdirSync(states, { recursive: true, encoding: "utf8" }) : [];
  const own = path.join(readProject(checkout).project, `${stack}.json`);
  return files
    .filter((file) => file.endsWith(".json") && file !== own && hasResources(path.join(states, file)))
    .map((file) => ({ project: path.dirname(file), stack: path.basename(file, ".json") }));
}

function hasResources(file: string): boolean {
  const state = JSON.parse(fs.readFileSync(file, "utf8")) as { checkpoint?: { latest?: { resources?: unknown[] } } };
  return (state.checkpoint?.latest?.resources ?? []).length > 0;
}
