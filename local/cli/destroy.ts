import * as fs from "node:fs";
import * as path from "node:path";
import { token } from "../aws/records";
import { stopAgent } from "../stack/agent";
import { removeControlPlane } from "../stack/controlPlane";
import { withoutResults } from "../stack/engine";
import type { Local } from "../stack/local";
import { copiesOf, type Guest, guestFolder, guestsOf, ownDirectory, removeGuest } from "../stack/guests";
import { stopPluginHost } from "../stack/pluginHost";
import { removeCloud } from "../stack/processes";
import { Display } from "./display";
import { type StackOptions, withEngine, withStack } from "./operation";
import { UserError } from "./terminal";
import { command, nameOf } from "./which";

/** How to deploy again with what a destroy has kept, from what the program said about it. */
function adoptionHint(local: Local, said: string): string {
  const settings = [...said.matchAll(/pulumi config set (\S+) (\S+)/g)].map(
    ([, key, value]) => ` --config ${key}=${value}`,
  );
  return `Kept, by its retention, in ${local.cloud}. To deploy again with it:\n  ${command("up:local", local, settings.join(" \\\n   "))}`;
}

const LOG_GROUP = token("cloudwatch/logGroup");

interface StateResource {
  urn: string;
  type: string;
  protect?: boolean;
  retainOnDelete?: boolean;
}

const listed = (resources: StateResource[]): string =>
  resources.map(({ urn, type }) => `  ${type} ${urn.split("::").pop()}`).join("\n");

export interface DestroyOptions extends StackOptions {
  forgetRetained: boolean;
  withGuests?: boolean;
}

/** Throws while others still have resources in a stack's cloud, which would go with it. */
function refuseWithGuests(host: Local, guests: Guest[]): void {
  const lines = guests.map(({ project, stack }) => {
    const checkout = guestFolder(host.cloud, { project, stack });
    const guest = { checkout: checkout ?? "", stack, cloud: host.cloud, isOther: true, beside: host };
    return `  ${project} (${stack})${checkout === undefined ? "" : `: ${command("destroy:local", guest)}`}`;
  });
  throw new UserError(
    `Others still have resources in the cloud of ${nameOf(host)}, and nothing was deleted. Destroy them first:\n${lines.join("\n")}\n` +
      `Or remove the cloud as a whole, with all that they have in it: ${command("destroy:local", host, " --with-guests")}`,
  );
}

/** The way out where a guest whose program is gone can't be destroyed; undefined where the program is there. */
function withoutProgram(local: Local): string | undefined {
  const { beside } = local;
  if (!beside || local.checkout !== copiesOf(ownDirectory(local))) return undefined;
  const removed = command("destroy:local", beside, " --with-guests");
  return `Its program is gone. Where it can't be destroyed without, this removes the whole cloud of ${nameOf(beside)}:\n  ${removed}`;
}

/** Says how a protected stack is destroyed on purpose. */
function protectedRefusal(local: Local, guarded: StateResource[]): UserError {
  const { stack: name } = local;
  const refusal = (how: string) =>
    new UserError(`${name} is protected, and nothing was deleted. Protected are:\n${listed(guarded)}\n${how}`);
  const gone = withoutProgram(local);
  if (gone) return refusal(gone);
  if (local.isOther)
    return refusal("To destroy it on purpose, take the option protect off in the program, and run up before.");
  const confirmed = name === "prod" ? " --config confirmDeleteInProd=prod" : "";
  const released = (retention: string) => command("up:local", local, ` --config retention=${retention}`);
  return refusal(
    `To destroy it on purpose, release it first, then destroy it:\n` +
      `  ${released("release")}   (its data outlives it)\n  ${released(`delete${confirmed}`)}    (its data goes with it)`,
  );
}

/** Ends what runs of a cloud but its control plane. */
async function stopResidents(cloud: string): Promise<void> {
  await stopAgent(cloud);
  await stopPluginHost(cloud);
}

export async function destroy(local: Local, options: DestroyOptions): Promise<void> {
  const { stack: name, cloud, beside } = local;
  if (beside && options.forgetRetained)
    throw new UserError(
      `--forget-retained is for a stack with a cloud of its own. What ${name} keeps by its retention stays in that of ` +
        `${nameOf(beside)}, and goes with it.`,
    );
  if (beside && options.withGuests)
    throw new UserError(
      `--with-guests is for a stack with a cloud of its own; ${name} is a guest of ${nameOf(beside)}.`,
    );
  if (!fs.existsSync(ownDirectory(local)))
    return console.log(
      `There is nothing of ${name} ${beside ? `in the cloud of ${nameOf(beside)}` : "on this machine"}.`,
    );
  const gone = withoutProgram(local);
  if (gone) console.error(gone);
  await withStack(local, options.config, "if there", true, async (stack) => {
    const guests = beside ? [] : guestsOf(local);
    if (guests.length > 0 && !options.withGuests) refuseWithGuests(local, guests);
    const state = await stack.exportStack();
    const { resources = [] } = state.deployment as { resources?: StateResource[] };
    const guarded = resources.filter((resource) => resource.protect);
    if (guarded.length > 0) throw protectedRefusal(local, guarded);
    // The control plane's log group stays after every destroy, and what is in it expires: docs/operations.md.
    const retained = resources.filter(({ type, retainOnDelete }) => retainOnDelete && type !== LOG_GROUP);
    const record = path.join(cloud, "kept");
    if (guests.length > 0) {
      if (!local.isOther && (retained.length > 0 || fs.existsSync(record)) && !options.forgetRetained)
        throw new UserError(
          `${name} keeps data by its retention, which would go with its cloud; nothing was deleted. To remove that, too: ` +
            command("destroy:local", local, " --with-guests --forget-retained"),
        );
      // AWS would refuse to delete what guests use. Nothing in a local cloud is real: it goes without its engine.
      await stopResidents(cloud);
      await removeControlPlane(cloud);
      await removeCloud(cloud);
      const names = guests.map((guest) => `${guest.project} (${guest.stack})`).join(", ");
      return console.log(`\nNothing of ${name} is left on this machine, nor of its guests: ${names}.`);
    }
    const display = new Display();
    if (resources.length > 0) await withEngine(local, (common) => withoutResults(stack).destroy(common), display);
    if (beside) {
      // Its state's secrets are of the salt that goes with its files.
      await stack.workspace.removeStack(name);
      removeGuest(local);
      return console.log(`\n${name} has no resources left. The cloud of ${nameOf(beside)} goes on.`);
    }
    await stopResidents(cloud);
    if (!local.isOther && retained.length > 0) fs.writeFileSync(record, adoptionHint(local, display.messages));
    // What outlives its stack stays in the local AWS; the cluster, and all that was in it, is gone.
    await removeControlPlane(cloud);
    if (fs.existsSync(record) && !options.forgetRetained) {
      console.log(`\n${fs.readFileSync(record, "utf8")}`);
      return console.log(`To forget it: ${command("destroy:local", local, " --forget-retained")}`);
    }
    await removeCloud(cloud);
    const kept = display.kept > 0 ? " What was kept was in its local cloud, and went with it." : "";
    console.log(`\nNothing of ${name} is left on this machine.${kept}`);
  });
  const root = path.dirname(cloud);
  if (fs.readdirSync(root).every((file) => file === ".gitignore")) fs.rmSync(root, { recursive: true });
}
