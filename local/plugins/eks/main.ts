import type { Provider } from "@pulumi/pulumi/provider";
import { main } from "@pulumi/pulumi/provider/server";
import { Cluster } from "./cluster";

const provider: Provider = {
  version: "4.3.0",
  construct(name, type, inputs, options) {
    if (type !== "eks:index:Cluster") {
      throw new Error(
        `The stand-in for eks doesn't know the component ${type}, only eks:index:Cluster.\n` +
          "Add it to local/plugins/eks/, or install the real eks plugin.",
      );
    }
    const cluster = new Cluster(name, inputs, options);
    return Promise.resolve({ urn: cluster.urn, state: cluster.outputs });
  },
};

void main(provider, process.argv.slice(2));
