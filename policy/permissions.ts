import { listOf, type Statement } from "./aws";

/** Actions that change nothing, read no data and can be allowed on every resource only. */
const HARMLESS = [
  "cloudwatch:getmetricdata",
  "cloudwatch:getmetricstatistics",
  "cloudwatch:putmetricdata",
  "ecr:getauthorizationtoken",
  "sts:getcalleridentity",
  "tag:getresources",
];

/** Whether an action is all of a service, such as s3:*. */
const isWholeService = (action: string): boolean => /^([^:]*[*?][^:]*(:.*)?|[^:]*:[*?]+)$/.test(action);

/** Whether an action only lists or describes resources, or is {@link HARMLESS}. IAM ignores the case. */
const isHarmless = (action: string): boolean =>
  /^[^:]+:(describe|list)/i.test(action) || HARMLESS.includes(action.toLowerCase());

/** Whether a pattern matches every resource, or every one of a service: *, arn:aws:s3:::*. */
const isEveryResource = (resource: string): boolean => /^(\*+|arn(:[^:]*){0,4}:[*/]+)$/.test(resource);

/** The violations of least privilege in a statement, one sentence each. */
export function excessivePermissions({ Effect, Action, NotAction, Resource, NotResource }: Statement): string[] {
  if (Effect !== "Allow") return [];
  if (NotAction !== undefined) return [`it allows everything but ${listOf(NotAction).join(", ")}`];
  const whole = listOf(Action).filter(isWholeService);
  if (whole.length > 0) return [`it allows ${whole.join(", ")}`];
  const harmful = listOf(Action).filter((it) => !isHarmless(it));
  if (harmful.length === 0) return [];
  if (NotResource !== undefined) {
    return [`it allows ${harmful.join(", ")} on every resource but ${listOf(NotResource).join(", ")}`];
  }
  return listOf(Resource).some(isEveryResource) ? [`it allows ${harmful.join(", ")} on every resource`] : [];
}

/** Whether an AWS managed policy allows all of a service or of an account. */
export function isWidePolicy(arn: string): boolean {
  const name = arn.split("/").pop()!;
  if (["AdministratorAccess", "PowerUserAccess", "IAMFullAccess"].includes(name)) return true;
  return /^arn:aws[a-z-]*:iam::aws:policy\//.test(arn) && /(?<!Client)FullAccess$/.test(name);
}
