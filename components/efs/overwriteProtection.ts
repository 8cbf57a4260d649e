import * as pulumi from "@pulumi/pulumi";

export interface OverwriteProtectionDisabledArgs {
  /** The file system that is to be copied to. */
  fileSystemId: pulumi.Input<string>;
  region: pulumi.Input<string>;
  /** Whether the stack has just made it: one that was adopted may have been worked on, and stays as it is. */
  isNew: pulumi.Input<boolean>;
}

interface OpeningState {
  fileSystemId: string;
  region: string;
  isNew: boolean;
}

/**
 * Serialized into the stack's state, as the drain is: it stands on its own. It acts once, at its creation, so a change of
 * this code changes nothing that exists; the next one is made by the code of its day.
 */
const provider: pulumi.dynamic.ResourceProvider<OpeningState, OpeningState> = {
  async create(inputs) {
    const { fileSystemId, region, isNew } = inputs;
    const outcome = { id: fileSystemId, outs: inputs };
    if (!isNew) return outcome;
    const { execFile } = await import("node:child_process");
    // The plugin's host prints an error's stack, which would tell the reader nothing.
    const refusal = (message: string) => Object.assign(new Error(message), { stack: "" });
    const aws = (command: string, ...more: string[]) =>
      new Promise<string>((resolve, reject) => {
        const args = [
          "efs",
          command,
          "--file-system-id",
          fileSystemId,
          "--region",
          region,
          "--output",
          "json",
          ...more,
        ];
        execFile("aws", args, (error, stdout, stderr) => {
          if (!error) resolve(stdout);
          else reject(refusal(`aws ${args.join(" ")} failed: ${stderr.trim() || error.message}`));
        });
      });
    const { FileSystems } = JSON.parse(await aws("describe-file-systems")) as {
      FileSystems: {
        NumberOfMountTargets: number;
        FileSystemProtection?: { ReplicationOverwriteProtection: string };
      }[];
    };
    const [found] = FileSystems;
    const protection = found?.FileSystemProtection?.ReplicationOverwriteProtection;
    if (protection === "REPLICATING" || protection === "DISABLED") return outcome;
    if (found && found.NumberOfMountTargets > 0) {
      throw refusal(
        `${fileSystemId} has mount targets: somebody works on it, and copying to it would overwrite what they wrote. ` +
          "docs/storage.md says how that is done on purpose.",
      );
    }
    await aws("update-file-system-protection", "--replication-overwrite-protection", "DISABLED");
    return outcome;
  },
  async diff(_id, olds, news) {
    const replaces = (["fileSystemId", "region"] as const).filter((key) => olds[key] !== news[key]);
    return { changes: replaces.length > 0, replaces };
  },
};

/**
 * Lets EFS copy to a file system that was just made: turns its replication overwrite protection off, once, with the AWS
 * CLI. EFS copies to no other, and protects it again when the copying ends.
 *
 * It can't be an input of the file system. While files are copied EFS calls the protection `REPLICATING`, a refresh takes
 * that into the state, and the AWS provider takes neither that word nor another one then.
 * https://docs.aws.amazon.com/efs/latest/ug/replicate-existing-destination.html,
 * https://github.com/pulumi/pulumi-aws/issues/6041
 */
export class OverwriteProtectionDisabled extends pulumi.dynamic.Resource {
  constructor(name: string, args: OverwriteProtectionDisabledArgs, opts: pulumi.CustomResourceOptions) {
    super(provider, name, { ...args }, opts);
  }
}
