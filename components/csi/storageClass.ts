import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { ReclaimPolicy } from "./reclaimPolicy";

/**
 * A class under a fixed name. The API server refuses to change what a class does, so a change deletes it before it is
 * made again; volumes and claims don't notice, and existing volumes keep the policy that they were made with.
 */
export function storageClass(
  name: string,
  className: string,
  isDefault: boolean,
  args: {
    provisioner: string;
    parameters: Record<string, pulumi.Input<string>>;
    reclaimPolicy: ReclaimPolicy;
    volumeBindingMode: "Immediate" | "WaitForFirstConsumer";
    allowVolumeExpansion: boolean;
    mountOptions?: string[];
  },
  parent: pulumi.Resource,
): kubernetes.storage.v1.StorageClass {
  return new kubernetes.storage.v1.StorageClass(
    name,
    {
      metadata: {
        name: className,
        annotations: { "storageclass.kubernetes.io/is-default-class": isDefault ? "true" : "false" },
      },
      ...args,
    },
    {
      parent,
      deleteBeforeReplace: true,
      replaceOnChanges: ["parameters", "provisioner", "reclaimPolicy", "volumeBindingMode"],
    },
  );
}
