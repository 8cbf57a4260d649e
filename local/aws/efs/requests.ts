import { INLINE, type Members } from "../requests";

/** Where the AWS provider puts inputs: https://github.com/hashicorp/terraform-provider-aws/tree/main/internal/service/efs */
export const members: Record<string, Members> = {
  "efs/fileSystem": {
    id: "FileSystemId",
    protection: INLINE,
    "protection.replicationOverwrite": "ReplicationOverwriteProtection",
  },
  "efs/replicationConfiguration": { destination: "Destinations" },
};
