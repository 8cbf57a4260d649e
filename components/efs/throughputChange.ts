import * as pulumi from "@pulumi/pulumi";
import { ownState } from "../retention/ownState";

/** How throughput is paid for. */
interface Throughput {
  throughputMode: string;
  provisionedThroughputInMibps?: number;
}

/**
 * What is said of a change that EFS makes once in 24 hours: another throughput mode, or less provisioned throughput.
 * Undefined for any other.
 * https://docs.aws.amazon.com/efs/latest/ug/API_UpdateFileSystem.html
 */
export function throughputChangeOf(name: string, before: Throughput, after: Throughput): string | undefined {
  const isOtherMode = before.throughputMode !== after.throughputMode;
  const [was = 0, is = 0] = [before.provisionedThroughputInMibps, after.provisionedThroughputInMibps];
  if (!isOtherMode && was <= is) return undefined;
  const change = isOtherMode
    ? `changes its throughput from ${before.throughputMode} to ${after.throughputMode}`
    : `has its provisioned throughput lowered from ${was} to ${is} MiB/s`;
  return (
    `The file system ${name} ${change}. EFS changes the mode, or lowers the throughput, once in 24 hours: it refuses this ` +
    "within a day of the last such change, and until tomorrow the way back."
  );
}

/** Says so at a preview. @param name The file system's name as a resource. */
export async function sayThroughputChanges(name: string, after: Throughput, component: pulumi.Resource): Promise<void> {
  if (!pulumi.runtime.isDryRun()) return;
  const found = (await ownState()).find((it) => it.type === "aws:efs/fileSystem:FileSystem" && it.name === name);
  const said = found && throughputChangeOf(name, found.outputs as unknown as Throughput, after);
  if (said) await pulumi.log.info(said, component);
}
