import * as pulumi from "@pulumi/pulumi";
import { type OwnResource, ownState } from "./ownState";
import type { Adopter } from "./adopter";
import { assertNothingRefused, refuseTogether } from "./refusals";
import type { Violation } from "../checks/violations";

/** Something that an earlier stack kept. */
export interface Kept {
  /** The argument that names it. */
  argument: string;
  /** Undefined where nothing is adopted. */
  id: string | undefined;
  /** Pulumi's type of it. */
  type: string;
  /** Every name that the program may have for it: there is one such thing, whatever its settings make its name. */
  names: string[];
  /** The region, where it is another than the provider's. */
  region?: string;
  /** Looks at it in AWS, before it is adopted: why it can't be. */
  look: (id: string) => Promise<Violation[]>;
  /** The same against properties that come from other resources; those that are still to be made are unknown. */
  compare?: (properties: Record<string, unknown>) => Violation[];
}

export interface Adoption {
  /** Options of the resource that is adopted. */
  options: Pick<pulumi.CustomResourceOptions, "import" | "transforms">;
}

/**
 * Adopts something once: at the operation in which the stack has no such thing yet. Later the argument may stay or go.
 * `import` alone stays in force for ever, and then replaces what lives, or forbids that it is ever replaced:
 * https://github.com/pulumi/pulumi/blob/v3.251.0/pkg/resource/deploy/step_generator.go (isImport)
 *
 * What can't be adopted is refused at the preview. A thing that lives is neither replaced nor deleted by it. For it to be
 * told from what an earlier adoption has become since, the component records what it adopted: {@link adopted}.
 */
export function adopt(adopter: Adopter, kept: Kept): Adoption {
  const { id, region } = kept;
  if (id === undefined) return { options: {} };
  const state = ownState();
  const passed = refuseTogether(adopter, async () => judge(adopter, { ...kept, id }, await state));
  const isAdopting = passed.then(async () => !livingOne(adopter, kept, await state));
  const once: pulumi.ResourceTransform = async ({ props, opts }) => {
    if (!(await isAdopting)) return { props, opts: { ...opts, import: "" } };
    if (kept.compare) await assertNothingRefused(adopter, kept.compare(await resolved(props)));
    return undefined;
  };
  return { options: { import: region === undefined ? id : `${id}@${region}`, transforms: [once] } };
}

/** The engine hands a transform its properties as outputs, and what isn't known yet as such. */
function resolved(properties: object): Promise<Record<string, unknown>> {
  // Every copy of the SDK has this method; its types leave it out.
  const all = pulumi.output(properties) as unknown as { promise(withUnknowns: boolean): Promise<object> };
  return all.promise(true) as Promise<Record<string, unknown>>;
}

/** What a component adopted, for its outputs: they outlive an `up` that fails elsewhere. */
export function adopted(ids: Record<string, string | undefined>): { adopted?: Record<string, string> } {
  const given = Object.entries(ids).filter((it): it is [string, string] => it[1] !== undefined);
  return given.length === 0 ? {} : { adopted: Object.fromEntries(given) };
}

/**
 * What is wrong where an adopted thing has its name from the argument that adopted it, and that is given no longer: the
 * name would change, and with it the thing be replaced.
 */
export function mustStay(
  adopter: Adopter,
  kept: Pick<Kept, "argument" | "type" | "names" | "id">,
): Adoption["options"] {
  const state = ownState();
  const passed = refuseTogether(adopter, async () => {
    const living = livingOne(adopter, kept, await state);
    const name = living && idOf(living);
    if (name === undefined || name === kept.id || recorded(adopter, kept.argument, await state) !== name) return [];
    const fix = `It was adopted, and can't change its name: pulumi config set ${nameOf(adopter, kept.argument)} ${name}`;
    return [{ argument: kept.argument, expected: name, actual: undefined, fix }];
  });
  const wait: pulumi.ResourceTransform = async () => {
    await passed;
    return undefined;
  };
  return { transforms: [wait] };
}

const nameOf = ({ argumentNames = {} }: Adopter, argument: string) => argumentNames[argument] ?? argument;

/** The stack's own thing of that kind. */
function livingOne({ type }: Adopter, kept: Pick<Kept, "type" | "names">, state: OwnResource[]) {
  return state.find((it) => it.type === kept.type && it.parentType === type && kept.names.includes(it.name));
}

function recorded({ type, name }: Adopter, argument: string, state: OwnResource[]): unknown {
  const component = state.find((it) => it.type === type && it.name === name);
  return (component?.outputs["adopted"] as Record<string, unknown> | undefined)?.[argument];
}

// A bridged provider has the id among the outputs.
const idOf = ({ outputs }: OwnResource) => outputs["id"] as string | undefined;

async function judge(adopter: Adopter, kept: Kept & { id: string }, state: OwnResource[]): Promise<Violation[]> {
  const { argument, id, type, look } = kept;
  const living = livingOne(adopter, kept, state);
  if (living) {
    if (idOf(living) === id || recorded(adopter, argument, state) === id) return [];
    const has = `the stack has ${idOf(living) ?? "one"} already`;
    const fix = `What lives is never exchanged: pulumi config rm ${nameOf(adopter, argument)}, or adopt it in another stack.`;
    return [{ argument, expected: `left out: ${has}`, actual: id, fix }];
  }
  if (state.some((it) => it.type === type && idOf(it) === id)) {
    const fix = "Adopted under another name it would be deleted under the one that it has.";
    return [{ argument, expected: "something that isn't part of the stack already", actual: id, fix }];
  }
  return look(id);
}
