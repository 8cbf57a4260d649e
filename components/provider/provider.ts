import * as fs from "node:fs";
import type * as pulumi from "@pulumi/pulumi";
import type { Provider } from "@pulumi/pulumi/provider";
import * as components from "../index";
import { ownState, shareOwnState } from "../retention/ownState";
import { typeTokens } from "../typeTokens";
import { type Form, type ObjectTypes, withTexts } from "./texts";

/** What is read here of the components' schema. */
interface Schema {
  version: string;
  resources: Record<string, { inputProperties: Record<string, Form>; properties: Record<string, unknown> } | undefined>;
  types: Record<string, { properties?: Record<string, Form> }>;
}

type Component = new (
  name: string,
  args: pulumi.Inputs,
  options: pulumi.ComponentResourceOptions,
) => pulumi.ComponentResource & Record<string, pulumi.Input<unknown>>;

/** The classes by type token. */
const CLASSES = Object.fromEntries(
  Object.entries(typeTokens).map(([name, token]) => [token as string, components[name as keyof typeof typeTokens]]),
) as unknown as Record<string, Component | undefined>;

/**
 * Makes the components for programs in other languages. The schema is a file (npm run schema): read from the sources at each
 * start it would take 10 s of the processor.
 */
export function componentProvider(): Provider {
  // By the package's own name: compiled, this file stands elsewhere in it.
  const text = fs.readFileSync(require.resolve("eks-storage/schema.json"), "utf8");
  const { version, resources, types } = JSON.parse(text) as Schema;
  const objects: ObjectTypes = Object.fromEntries(
    Object.entries(types).map(([token, { properties }]) => [`#/types/${token}`, properties]),
  );
  // An engine starts a plugin for one operation.
  let state: ReturnType<typeof ownState> | undefined;
  return {
    version,
    schema: text,
    async construct(name, type, inputs, options) {
      const component = CLASSES[type];
      const described = resources[type];
      if (!component || !described)
        throw new Error(
          `eks-storage ${version} has no component ${type}. It has: ${Object.keys(resources).join(", ")}. ` +
            "If the program's SDK is of another version, make it anew: " +
            "pulumi package add ./node_modules/eks-storage/schema.json",
        );
      state ??= ownState();
      shareOwnState(state);
      // Before anything is registered that would be in it. A component that needs it says why it can't be had.
      await state.catch(() => undefined);
      const args = Object.entries(inputs).map(([it, value]) => [
        it,
        withTexts(it, value, described.inputProperties[it], objects),
      ]);
      const made = new component(name, Object.fromEntries(args) as pulumi.Inputs, options);
      const outputs = Object.keys(described.properties).map((output) => [output, made[output]]);
      return { urn: made.urn, state: Object.fromEntries(outputs) as pulumi.Inputs };
    },
  };
}
