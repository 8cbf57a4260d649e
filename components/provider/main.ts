import { main } from "@pulumi/pulumi/provider";
import { componentProvider } from "./provider";

// What pulumi-resource-eks-storage runs: it prints the port on which the engine finds it.
void main(componentProvider(), process.argv.slice(2));
