import * as pulumi from "@pulumi/pulumi";

export interface OverwriteProtectionDisabledArgs {
  /** The file system that is to be copied to. */
  fileSystemId: pulumi.Input<string>;
  region: pulumi.Input<string>;
  /** Whether the stack made it. An adopted one may hold changes of its own, and stays protected. */
  isNew: pulumi.Input<boolean>;
}

interface OpeningState {
  fileSystemId: string;
  region: string;
  isNew: boolean;
}

/**
 * Serialized into the stack's state, as the drain is, so it needs no module. It acts at its creation only: a change of this
 * code has no effect on what exists.
 */
const provider: pulumi.dynamic.ResourceProvider<OpeningState, OpeningState> = {
  async create(inputs) {
    const { fileSystemId, region, isNew } = inputs;
    const outcome = { id: fileSystemId, outs: inputs };
    if (!isNew) return outcome;
    const { execFile } = await import("node:child_process");
    // Without a stack: the plugin's host would print it, which doesn't help a user.
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
        `${fileSystemId} has mount targets: it is in use, and a replication to it would overwrite what was written there. ` +
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
 * Turns off the replication overwrite protection of a file system, so that EFS can replicate to it. It is for the new file
 * system of a {@link FileSystemReplica}, acts once, and turns nothing on again: EFS does that when the replication ends.
 *
 * It makes nothing in AWS. It runs the AWS CLI (`aws efs describe-file-systems` and `update-file-system-protection`) where
 * Pulumi runs, with the CLI's own credentials. A file system that is adopted, unprotected or replicated to already is left
 * alone. It fails when the CLI does, and for a file system with mount targets, which a replication would overwrite.
 *
 * The protection can't be an argument of the file system. During a replication EFS calls it `REPLICATING`. A refresh writes
 * that into the state, and the AWS provider then accepts neither that value nor another.
 * https://docs.aws.amazon.com/efs/latest/ug/replicate-existing-destination.html,
 * https://github.com/pulumi/pulumi-aws/issues/6041
 */
export class OverwriteProtectionDisabled extends pulumi.dynamic.Resource {
  constructor(name: string, args: OverwriteProtectionDisabledArgs, opts: pulumi.CustomResourceOptions) {
    super(provider, name, { ...args }, opts);
  }
}
