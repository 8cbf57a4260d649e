import * as pulumi from "@pulumi/pulumi";
import { main } from "@pulumi/pulumi/provider";
import { componentProvider } from "./provider";

// What pulumi-resource-eks-storage runs: it prints the port on which the engine finds it.

/** Of a refusal the message is for users, and no stack trace, which Pulumi's own handler prints where there is one. */
function withoutStack(error: unknown): void {
  if (pulumi.RunError.isInstance(error)) error.stack = "";
}
process.on("unhandledRejection", withoutStack);
process.on("uncaughtException", withoutStack);

void main(componentProvider(), process.argv.slice(2));
