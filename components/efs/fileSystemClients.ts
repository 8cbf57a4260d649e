import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { assertArguments } from "../checks/assertValid";
import { typeTokens } from "../typeTokens";

/** The port that NFS, and with it EFS, listens on: https://docs.aws.amazon.com/efs/latest/ug/network-access.html */
const NFS_PORT = 2049;

export interface FileSystemClientsArgs {
  /** The security group of the file system's mount targets. */
  securityGroupId: pulumi.Input<string>;
  /** Security groups whose members may mount, by a name of your choice. Plain names. */
  clients: Record<string, pulumi.Input<string>>;
}

/**
 * Who may reach a file system on port 2049 (NFS): one rule for each named security group, nobody else.
 *
 * Use it with every {@link FileSystem}: without it nobody can mount. It stands apart since the rules wait for the cluster, and
 * the file system needn't.
 */
export class FileSystemClients extends pulumi.ComponentResource {
  constructor(name: string, args: FileSystemClientsArgs, opts?: pulumi.ComponentResourceOptions) {
    assertArguments("FileSystemClients", name, args);
    super(typeTokens.FileSystemClients, name, {}, opts);
    for (const [client, referencedSecurityGroupId] of Object.entries(args.clients)) {
      new aws.vpc.SecurityGroupIngressRule(
        `${name}-${client}`,
        {
          securityGroupId: args.securityGroupId,
          referencedSecurityGroupId,
          ipProtocol: "tcp",
          fromPort: NFS_PORT,
          toPort: NFS_PORT,
          description: `NFS from ${client}`,
        },
        { parent: this },
      );
    }
    this.registerOutputs({});
  }
}
