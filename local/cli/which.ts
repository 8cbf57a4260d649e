import * as fs from "node:fs";
import * as path from "node:path";
import { readProject } from "../../config/files";
import { hasControlPlane, notDeployed } from "../stack/controlPlane";
import type { Local } from "../stack/local";
import { guestFolder, guestOnceIn, ownDirectory } from "../stack/guests";
import { quote } from "../stack/shims";
import { UserError } from "./terminal";

export const CHECKOUT = path.join(__dirname, "..", "..");

/** Which stack a command is for, as a person says it. */
export interface Which {
  stack: string;
  project?: string;
  beside?: string;
}

const environments = () => fs.readdirSync(CHECKOUT).flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? []);

/** npm runs commands in the package's folder; people name folders from where they are. */
const from = () => process.env.INIT_CWD ?? "";

/**
 * @throws UserError when the checkout has no environment of that name, the folder no project, or the cloud that is to be
 *   shared isn't there or can't be.
 */
export function localStack({ stack, project, beside }: Which): Local {
  if (project === undefined && beside !== undefined)
    throw new UserError("--beside is for another program, whose folder --project names. Give --project too.");
  if (project === undefined) return environment(stack);
  const other = otherProject(stack, path.resolve(from(), project));
  return beside === undefined ? other : asGuest(other, beside);
}

/**
 * As {@link localStack}, for a destroy, which needs no program: a guest is found by its folder, though the program there is gone,
 * or has another name by now.
 */
export function leavingStack(which: Which): Local {
  const { stack, project, beside } = which;
  if (project === undefined || beside === undefined) return localStack(which);
  const folder = path.resolve(from(), project);
  const host = hostOf(beside, stack);
  const now = fs.existsSync(path.join(folder, "Pulumi.yaml")) ? readProject(folder).project : undefined;
  const isKnown = now !== undefined && guestFolder(host.cloud, { project: now, stack }) !== undefined;
  return (isKnown ? undefined : guestOnceIn(folder, stack, host)) ?? localStack(which);
}

function environment(stack: string): Local {
  const known = environments();
  if (known.includes(stack)) return { checkout: CHECKOUT, stack, cloud: path.join(CHECKOUT, ".local", stack) };
  throw new UserError(
    `There is no environment ${stack} (Pulumi.${stack}.yaml). There are: ${known.join(", ") || "none"}.`,
  );
}

function otherProject(stack: string, checkout: string, option = "--project"): Local {
  if (!fs.existsSync(path.join(checkout, "Pulumi.yaml")))
    throw new UserError(`${checkout} has no Pulumi.yaml: ${option} names the folder of a Pulumi program.`);
  if (!/^\w[\w.-]{0,99}$/.test(stack))
    throw new UserError(
      `A stack's name begins with a letter or digit, and has letters, digits, ., _ and - only, at most 100; it is ${stack}.`,
    );
  return { checkout, stack, cloud: path.join(checkout, ".local", stack), isOther: true };
}

function hostOf(beside: string, stack: string): Local {
  if (environments().includes(beside)) return environment(beside);
  const folder = path.resolve(from(), beside);
  if (!fs.existsSync(folder))
    throw new UserError(
      `--beside names an environment (${environments().join(", ")}) or the folder of a Pulumi program; ${beside} is neither.`,
    );
  return otherProject(stack, folder, "--beside");
}

/** A project's stack in the cloud of another one. */
function asGuest({ stack, checkout }: Local, beside: string): Local {
  const host = hostOf(beside, stack);
  const { project } = readProject(checkout);
  if (project === readProject(host.checkout).project)
    throw new UserError(
      `${checkout} and ${host.checkout} are both named ${project}: in one cloud they would have one state. ` +
        "Change the name in the Pulumi.yaml of one that isn't deployed.",
    );
  checkLocal(host);
  const guest = { checkout, stack, isOther: true, cloud: host.cloud, beside: host };
  const folder = guestFolder(host.cloud, { project, stack });
  if (folder !== undefined && folder !== checkout && fs.existsSync(folder))
    throw new UserError(
      `The cloud of ${nameOf(host)} has another guest named ${project}: ${folder}. There they would have one state. ` +
        `Destroy that one: ${command("destroy:local", { ...guest, checkout: folder })}\n` +
        `Or change the name in the Pulumi.yaml of ${checkout}.`,
    );
  return guest;
}

/** Quoted only where a shell needs it. */
const quoted = (text: string) => (/^[\w./-]+$/.test(text) ? text : quote(text));

const folderOf = ({ checkout }: Local) => quoted(path.relative(from(), checkout) || ".");

/** The file of a stack's configuration, from where the person is. */
export const stackFile = ({ checkout, stack }: Local): string =>
  path.join(path.relative(from(), checkout), `Pulumi.${stack}.yaml`);

/** What a person calls the host of guests. */
export const nameOf = (host: Local): string => (host.isOther ? folderOf(host) : host.stack);

/** What names a stack in a command, where it isn't what the command takes by default. */
export const stackFlag = (local: Local): string =>
  (local.isOther ? ` --project ${folderOf(local)}` : "") +
  (local.beside ? ` --beside ${nameOf(local.beside)}` : "") +
  (local.stack === "dev" ? "" : ` --stack ${local.stack}`);

/** A command to type, for this stack. */
export function command(name: string, local: Local, more = ""): string {
  const flags = stackFlag(local) + more;
  return `npm run ${name}${flags && ` --${flags}`}`;
}

/** @throws UserError when nothing of this stack was ever deployed here. */
export function checkLocal(local: Local): void {
  if (hasControlPlane(local.cloud) && fs.existsSync(ownDirectory(local))) return;
  throw notDeployed(local.isOther ? `${folderOf(local)} (${local.stack})` : local.stack, command("up:local", local));
}
