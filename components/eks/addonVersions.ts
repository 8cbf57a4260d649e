import type { Violation } from "../checks/violations";
import type { CsiDriverKind } from "../csi/csiDriverKind";

type MajorAndMinor = [major: number, minor: number];

/**
 * The first versions that take their credentials from EKS Pod Identity, as all drivers here do; of EFS's it isn't known.
 * https://docs.aws.amazon.com/eks/latest/userguide/ebs-csi.html, https://docs.aws.amazon.com/eks/latest/userguide/s3-csi.html
 */
const WITH_POD_IDENTITY: Partial<Record<CsiDriverKind, MajorAndMinor>> = { ebs: [1, 26], s3: [2, 0] };

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/container-insights-eks-otel.html */
const WITH_OPEN_TELEMETRY: MajorAndMinor = [6, 2];

function validateFrom(
  [major, minor]: MajorAndMinor,
  version: string | undefined,
  argument: string,
  why: string,
): Violation[] {
  const [, its, below] = /^v(\d+)\.(\d+)\./.exec(version ?? "") ?? [];
  if (its === undefined || Number(its) > major || (Number(its) === major && Number(below) >= minor)) return [];
  const fix = `${why} aws eks describe-addon-versions lists newer ones.`;
  return [{ argument, expected: `v${major}.${minor}.0 or later`, actual: version, fix }];
}

/** What is wrong with the version of a driver's add-on. */
export function validateDriverVersion(
  kind: CsiDriverKind,
  version: string | undefined,
  argument = "version",
): Violation[] {
  const first = WITH_POD_IDENTITY[kind];
  const why = "Earlier drivers don't know EKS Pod Identity, and would stay without credentials.";
  return first ? validateFrom(first, version, argument, why) : [];
}

/** What is wrong with the version of Container Insights' add-on. */
export const validateInsightsVersion = (version: string | undefined, argument = "version"): Violation[] =>
  validateFrom(WITH_OPEN_TELEMETRY, version, argument, "Earlier versions don't report how full disks are.");
