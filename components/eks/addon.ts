import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

interface AddonArgs {
  clusterName: pulumi.Input<string>;
  /** Its name in EKS, such as `vpc-cni`: `aws eks describe-addon-versions` lists them. */
  addonName: string;
  /** Such as `v1.64.0-eksbuild.1`. Never looked up: a preview would change overnight. */
  version: pulumi.Input<string>;
  /** JSON; `aws eks describe-addon-configuration` prints its schema. Default: the add-on's own. */
  configurationValues?: pulumi.Input<string>;
}

/** An EKS add-on as declared: what somebody changed of it by hand in the cluster is overwritten. */
export function addon(
  name: string,
  { version, ...args }: AddonArgs,
  opts: pulumi.CustomResourceOptions,
): aws.eks.Addon {
  return new aws.eks.Addon(
    name,
    {
      ...args,
      addonVersion: version,
      resolveConflictsOnCreate: "OVERWRITE",
      resolveConflictsOnUpdate: "OVERWRITE",
    },
    opts,
  );
}
