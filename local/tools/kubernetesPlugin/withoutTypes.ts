import type { Trimmed } from "../pulumi/withoutClouds";

/**
 * The Kubernetes plugin, whose components for YAML and Helm register each kind by its type in the SDK for Go: 60 packages for
 * what no caller asks, and half the time of the build. Here one type holds all of them; what is registered is the same.
 */
export const withoutTypes: Trimmed = {
  module: "github.com/pulumi/pulumi-kubernetes/sdk/v4",
  edits: {
    "go/kubernetes/yaml/v2/kinds.go": [
      [/^\t(\w+ )?"github\.com\/pulumi\/pulumi-kubernetes\/sdk\/v4\/go\/kubernetes\/.*"\n/gm, ""],
      [/^\t\tvar res \w+\.\w+$/gm, "\t\tvar res pulumi.CustomResourceState"],
    ],
  },
};
