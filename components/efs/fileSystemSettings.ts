import type { Violation } from "../checks/violations";

/** How throughput is paid for: https://docs.aws.amazon.com/efs/latest/ug/performance.html#throughput-modes */
export const ThroughputMode = { Elastic: "elastic", Bursting: "bursting", Provisioned: "provisioned" } as const;
export type ThroughputMode = (typeof ThroughputMode)[keyof typeof ThroughputMode];
/** It needs no capacity planning: throughput follows the load, and is paid by the GB. */
export const DEFAULT_THROUGHPUT_MODE = ThroughputMode.Elastic;

/** `generalPurpose` has the lowest latency; `maxIO` is AWS's former way to more operations a second, with a higher one. */
export const PerformanceMode = { GeneralPurpose: "generalPurpose", MaxIO: "maxIO" } as const;
export type PerformanceMode = (typeof PerformanceMode)[keyof typeof PerformanceMode];

/** How long nobody reads or writes a file before it moves to another storage class, in AWS's words, from soon to late. */
export const TransitionAfter = {
  OneDay: "AFTER_1_DAY",
  SevenDays: "AFTER_7_DAYS",
  FourteenDays: "AFTER_14_DAYS",
  ThirtyDays: "AFTER_30_DAYS",
  SixtyDays: "AFTER_60_DAYS",
  NinetyDays: "AFTER_90_DAYS",
  HalfAYear: "AFTER_180_DAYS",
  NineMonths: "AFTER_270_DAYS",
  AYear: "AFTER_365_DAYS",
  /** It doesn't. */
  Never: "NEVER",
} as const;
export type TransitionAfter = (typeof TransitionAfter)[keyof typeof TransitionAfter];

/** Which files move to cheaper storage: https://docs.aws.amazon.com/efs/latest/ug/lifecycle-management-efs.html */
export interface FileSystemLifecycleArgs {
  /** When files move to Infrequent Access. Plain. Default: `AFTER_30_DAYS`. */
  toInfrequentAccess?: TransitionAfter;
  /** When they move on to Archive: later than to Infrequent Access, with elastic throughput only. Plain. Default: `NEVER`. */
  toArchive?: TransitionAfter;
  /** Whether a file moves back when it is read or written. Plain. Default: true. */
  backOnAccess?: boolean;
}

function withLifecycleDefaults(lifecycle: FileSystemLifecycleArgs = {}): Required<FileSystemLifecycleArgs> {
  const { toInfrequentAccess, toArchive, backOnAccess } = lifecycle;
  return {
    toInfrequentAccess: toInfrequentAccess ?? TransitionAfter.ThirtyDays,
    toArchive: toArchive ?? TransitionAfter.Never,
    backOnAccess: backOnAccess ?? true,
  };
}

/** The settings of a file system that depend on each other. */
export interface FileSystemSettings {
  throughputMode?: ThroughputMode;
  provisionedThroughputInMibps?: number;
  performanceMode?: PerformanceMode;
  lifecycle?: FileSystemLifecycleArgs;
}

const SETTING_NAMES = {
  provisionedThroughputInMibps: "provisionedThroughputInMibps",
  performanceMode: "performanceMode",
  toArchive: "lifecycle.toArchive",
};
const ORDER = Object.values(TransitionAfter);
const { Never } = TransitionAfter;
const isEarlier = (one: TransitionAfter, other: TransitionAfter) => ORDER.indexOf(one) < ORDER.indexOf(other);

/**
 * What AWS would refuse about a file system's settings.
 *
 * Provisioned throughput goes up to 3414 MiB/s, in some regions less; that and maxIO:
 * https://docs.aws.amazon.com/efs/latest/ug/API_CreateFileSystem.html. Archive:
 * https://docs.aws.amazon.com/efs/latest/ug/API_PutLifecycleConfiguration.html.
 */
export function validateFileSystemSettings(
  settings: FileSystemSettings,
  names: Partial<typeof SETTING_NAMES> = {},
): Violation[] {
  const named = { ...SETTING_NAMES, ...names };
  const { provisionedThroughputInMibps: mibps, performanceMode } = settings;
  const mode = settings.throughputMode ?? DEFAULT_THROUGHPUT_MODE;
  const { toInfrequentAccess, toArchive } = withLifecycleDefaults(settings.lifecycle);
  const violations: Violation[] = [];
  const must = (argument: string, expected: string, actual: unknown, fix: string) =>
    violations.push({ argument, expected, actual, fix });

  const speed = named.provisionedThroughputInMibps;
  if (mode !== ThroughputMode.Provisioned) {
    if (mibps !== undefined)
      must(speed, `left out with ${mode} throughput`, mibps, "Remove it, or choose provisioned throughput.");
  } else if (mibps === undefined || !(mibps >= 1 && mibps <= 3414)) {
    must(
      speed,
      "from 1 to 3414 with provisioned throughput",
      mibps,
      "Set the MiB/s to provision, which are paid for whether they are used or not.",
    );
  }
  if (mode === ThroughputMode.Elastic && performanceMode === PerformanceMode.MaxIO) {
    must(
      named.performanceMode,
      "generalPurpose with elastic throughput",
      performanceMode,
      "AWS has maxIO with bursting and provisioned throughput only, and advises against it.",
    );
  }
  const archive = named.toArchive;
  if (toArchive !== Never && mode !== ThroughputMode.Elastic) {
    must(archive, `NEVER with ${mode} throughput`, toArchive, "EFS has Archive with elastic throughput only.");
  } else if (toArchive !== Never && !isEarlier(toInfrequentAccess, toArchive)) {
    must(
      archive,
      `later than the move to Infrequent Access, which is ${toInfrequentAccess}`,
      toArchive,
      "Files move to Archive from Infrequent Access.",
    );
  }
  return violations;
}

/** The lifecycle as EFS takes it: one object a transition. */
export function lifecyclePolicies(lifecycle: FileSystemLifecycleArgs | undefined) {
  const { toInfrequentAccess, toArchive, backOnAccess } = withLifecycleDefaults(lifecycle);
  return [
    ...(toInfrequentAccess === Never ? [] : [{ transitionToIa: toInfrequentAccess }]),
    ...(toArchive === Never ? [] : [{ transitionToArchive: toArchive }]),
    ...(backOnAccess && toInfrequentAccess !== Never ? [{ transitionToPrimaryStorageClass: "AFTER_1_ACCESS" }] : []),
  ];
}
