import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";
import { accessOf as accessOfKubeconfig } from "./kubeconfig";

// As in kubeconfig.ts: serialized code uses other files' functions through constants of its own.
const accessOf = accessOfKubeconfig;
const unknownValue = pulumi.runtime.unknownValue;

/** A kubeconfig as a dynamic resource stores it: a secret, and JSON, which can be read without a package. */
export function kubeconfigInput(kubeconfig: pulumi.Input<string>): pulumi.Output<string> {
  return pulumi.secret(kubeconfig).apply((text) => {
    let content: unknown;
    try {
      JSON.parse(text);
      return text;
    } catch {
      // It may be YAML.
    }
    try {
      content = parse(text);
    } catch {
      // The check refuses it.
    }
    if (typeof content !== "object" || content === null) return text;
    // The text is known here; nothing in it is an output.
    // eslint-disable-next-line no-restricted-syntax
    return JSON.stringify(content);
  });
}

/** Refuses a kubeconfig that can't be used, at the preview. Part of a dynamic resource's code. */
export async function checkKubeconfig<Inputs extends { kubeconfig: string }>(
  _olds: Inputs,
  inputs: Inputs,
): Promise<pulumi.dynamic.CheckResult<Inputs>> {
  if (inputs.kubeconfig === unknownValue) return { inputs };
  try {
    accessOf(inputs.kubeconfig);
    return { inputs };
  } catch (error) {
    return { inputs, failures: [{ property: "kubeconfig", reason: (error as Error).message }] };
  }
}
