import type { Violation } from "../checks/violations";
import type { CsiDriverKind } from "./csiDriverKind";

/**
 * The first versions that take their credentials from EKS Pod Identity, as all drivers here do; of EFS's it isn't known.
 * https://docs.aws.amazon.com/eks/latest/userguide/ebs-csi.html, https://docs.aws.amazon.com/eks/latest/userguide/s3-csi.html
 */
const FIRST: Partial<Record<CsiDriverKind, [major: number, minor: number]>> = { ebs: [1, 26], s3: [2, 0] };

/** What is wrong with the version of a driver's add-on. */
export function validateDriverVersion(
  kind: CsiDriverKind,
  version: string | undefined,
  argument = "version",
): Violation[] {
  const first = FIRST[kind];
  const [, major, minor] = /^v(\d+)\.(\d+)\./.exec(version ?? "") ?? [];
  if (!first || major === undefined) return [];
  if (Number(major) > first[0] || (Number(major) === first[0] && Number(minor) >= first[1])) return [];
  return [
    {
      argument,
      expected: `v${first.join(".")}.0 or later`,
      actual: version,
      fix: "Earlier drivers don't know EKS Pod Identity, and would stay without credentials. aws eks describe-addon-versions lists newer ones.",
    },
  ];
}
