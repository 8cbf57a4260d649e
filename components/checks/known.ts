import * as pulumi from "@pulumi/pulumi";

/** The value of an input that is known right now, undefined for an output or a promise, which can't be checked here. */
export function known<T>(input: pulumi.Input<T> | undefined): T | undefined {
  return pulumi.Output.isInstance(input) || input instanceof Promise ? undefined : input;
}
