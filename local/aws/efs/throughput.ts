import type { Properties } from "../../plugins/properties";
import type { AwsRecord } from "../records";

const DAY = 24 * 60 * 60 * 1000;

/** A change that AWS allows once in 24 hours: another throughput mode, or less provisioned throughput. */
export function isThroughputLowered(olds: Properties, news: Properties): boolean {
  const isOtherMode = olds.throughputMode !== undefined && olds.throughputMode !== news.throughputMode;
  return isOtherMode || Number(news.provisionedThroughputInMibps) < Number(olds.provisionedThroughputInMibps);
}

export const wasLoweredToday = (fileSystem: AwsRecord | undefined) =>
  fileSystem?.throughputChangedAt !== undefined && Date.now() - Date.parse(fileSystem.throughputChangedAt) < DAY;
