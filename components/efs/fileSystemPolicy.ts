import * as pulumi from "@pulumi/pulumi";
import { MountAccess } from "./mountAccess";

/**
 * The file system's policy. It decides whether clients must encrypt, and who may mount. Undefined where EFS's own default
 * does for both.
 *
 * Any policy ends EFS's default of letting every client on the network mount, so `network` grants that again. `roles`
 * grants nothing: a role's own policy is enough. The role can't be named here by its ARN, since AWS refuses a principal
 * that isn't there yet, nor by a condition: for mounts EFS knows the four keys of its own page only, and
 * `aws:PrincipalArn` is none of them. https://docs.aws.amazon.com/efs/latest/ug/iam-access-control-nfs-efs.html
 */
export function fileSystemPolicy(
  fileSystemArn: pulumi.Input<string>,
  access: MountAccess,
  encryptedTransportOnly: boolean,
): pulumi.Output<string> | undefined {
  const statement = (statement: object) => ({ Principal: { AWS: "*" }, Resource: fileSystemArn, ...statement });
  const encrypted = statement({
    Sid: "RefuseUnencryptedTransport",
    Effect: "Deny",
    Action: "*",
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  });
  const everybody = statement({
    Sid: "MountThroughMountTargets",
    Effect: "Allow",
    Action: ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"],
    Condition: { Bool: { "elasticfilesystem:AccessedViaMountTarget": "true" } },
  });
  const noRoot = statement({ Sid: "RefuseRoot", Effect: "Deny", Action: "elasticfilesystem:ClientRootAccess" });
  if (access === MountAccess.Network && !encryptedTransportOnly) return undefined;
  return pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [...(encryptedTransportOnly ? [encrypted] : []), access === MountAccess.Network ? everybody : noRoot],
  });
}
