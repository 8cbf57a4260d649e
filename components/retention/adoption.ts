import * as pulumi from "@pulumi/pulumi";
import { type OwnResource, ownState } from "./ownState";
import type { Adopter } from "./adopter";
import { asGiven, valuesOf } from "./transformed";
import { assertNothingRefused, refuseTogether } from "./refusals";
import type { Violation } from "../checks/violations";

/** A resource that an earlier stack kept, and that this one may adopt. */
export interface Adoptable {
  /** The argument that names it. */
  argument: string;
  /** Undefined where nothing is adopted. */
  id: string | undefined;
  /** Pulumi's type of it. */
  type: string;
  /** Every name that the program may give it. There is one such resource; its name depends on its settings. */
  names: string[];
  /** The region, where it is another than the provider's. */
  region?: string;
  /** Looks it up in AWS before it is adopted: the reasons why it can't be. */
  check: (id: string) => Promise<Violation[]>;
  /** The same for properties that come from other resources. Those of resources still to be made are unknown. */
  compare?: (properties: Record<string, unknown>) => Violation[];
}

export interface Adoption {
  /** Options of the resource that is adopted. */
  options: Pick<pulumi.CustomResourceOptions, "import" | "transforms">;
}

/**
 * Adopts a resource once: at the operation in which the stack has no such resource yet. Later the argument may stay or
 * go. The option `import` alone stays in force. It then replaces the resource, or forbids that it is ever replaced:
 * https://github.com/pulumi/pulumi/blob/v3.251.0/pkg/resource/deploy/step_generator.go (isImport)
 *
 * What can't be adopted is refused at the preview. Adoption never replaces or deletes a resource that the stack has. An
 * adopted resource may have been replaced since, so the component records the id that it adopted: {@link adopted}.
 */
export function adopt(adopter: Adopter, adoptable: Adoptable): Adoption {
  const { id, region } = adoptable;
  if (id === undefined) return { options: {} };
  const state = ownState();
  const passed = refuseTogether(adopter, async () => violationsOf(adopter, { ...adoptable, id }, await state));
  const isAdopting = passed.then(async () => !ownResourceOf(adopter, adoptable, await state));
  const once: pulumi.ResourceTransform = async ({ props, opts }) => {
    if (!(await isAdopting)) return { props: await asGiven(props), opts: { ...opts, import: "" } };
    if (adoptable.compare) await assertNothingRefused(adopter, adoptable.compare(await valuesOf(props)));
    return undefined;
  };
  return { options: { import: region === undefined ? id : `${id}@${region}`, transforms: [once] } };
}

/** The ids that a component adopted, for its outputs: the state has them even if the `up` fails elsewhere. */
export function adopted(ids: Record<string, string | undefined>): { adopted?: Record<string, string> } {
  const given = Object.entries(ids).filter((it): it is [string, string] => it[1] !== undefined);
  return given.length === 0 ? {} : { adopted: Object.fromEntries(given) };
}

/**
 * Refuses to leave out the argument that adopted a resource, where it is also the resource's name: the name would change,
 * and the resource would be replaced.
 */
export function mustStay(
  adopter: Adopter,
  adoptable: Pick<Adoptable, "argument" | "type" | "names" | "id">,
): Adoption["options"] {
  const state = ownState();
  const passed = refuseTogether(adopter, async () => {
    const own = ownResourceOf(adopter, adoptable, await state);
    const name = own && idOf(own);
    if (name === undefined || name === adoptable.id || recorded(adopter, adoptable.argument, await state) !== name)
      return [];
    const fix = `It was adopted, and can't change its name: pulumi config set ${nameOf(adopter, adoptable.argument)} ${name}`;
    return [{ argument: adoptable.argument, expected: name, actual: undefined, fix }];
  });
  const wait: pulumi.ResourceTransform = async () => {
    await passed;
    return undefined;
  };
  return { transforms: [wait] };
}

const nameOf = ({ argumentNames = {} }: Adopter, argument: string) => argumentNames[argument] ?? argument;

/** The resource that the stack has already in the place of the adoptable one; undefined if it has none. */
function ownResourceOf({ type }: Adopter, adoptable: Pick<Adoptable, "type" | "names">, state: OwnResource[]) {
  return state.find((it) => it.type === adoptable.type && it.parentType === type && adoptable.names.includes(it.name));
}

function recorded({ type, name }: Adopter, argument: string, state: OwnResource[]): unknown {
  const component = state.find((it) => it.type === type && it.name === name);
  return (component?.outputs["adopted"] as Record<string, unknown> | undefined)?.[argument];
}

// The AWS provider has the id among the outputs.
const idOf = ({ outputs }: OwnResource) => outputs["id"] as string | undefined;

async function violationsOf(
  adopter: Adopter,
  adoptable: Adoptable & { id: string },
  state: OwnResource[],
): Promise<Violation[]> {
  const { argument, id, type, check } = adoptable;
  const own = ownResourceOf(adopter, adoptable, state);
  if (own) {
    if (idOf(own) === id || recorded(adopter, argument, state) === id) return [];
    const has = `the stack has ${idOf(own) ?? "one"} already`;
    const fix = `Adoption never replaces a resource of the stack: pulumi config rm ${nameOf(adopter, argument)}, or adopt it in another stack.`;
    return [{ argument, expected: `left out: ${has}`, actual: id, fix }];
  }
  if (state.some((it) => it.type === type && idOf(it) === id)) {
    const fix = "Adopted under another name it would be deleted under the one that it has.";
    return [{ argument, expected: "something that isn't part of the stack already", actual: id, fix }];
  }
  return check(id);
}
