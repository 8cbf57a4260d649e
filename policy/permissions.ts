import { listOf, type Statement } from "./aws";

/** They change nothing and read no data, and AWS has no resource to name for them. */
const HARMLESS = [
  "cloudwatch:getmetricdata",
  "cloudwatch:getmetricstatistics",
  "cloudwatch:putmetricdata",
  "ecr:getauthorizationtoken",
  "sts:getcalleridentity",
  "tag:getresources",
];

/** Whether an action stands for all of a service. IAM ignores its case. */
const isWhole = (action: string): boolean => /^([^:]*[*?][^:]*(:.*)?|[^:]*:[*?]+)$/.test(action);

/** Whether an action only shows what there is, or is {@link HARMLESS}. */
const isHarmless = (action: string): boolean =>
  /^[^:]+:(describe|list)/i.test(action) || HARMLESS.includes(action.toLowerCase());

/** Whether a resource is every one, or every one of a service: *, arn:aws:s3:::*. */
const isEvery = (resource: string): boolean => /^(\*+|arn(:[^:]*){0,4}:[*/]+)$/.test(resource);

/** What a statement allows that nobody needs, a sentence each. */
export function tooMuch({ Effect, Action, NotAction, Resource, NotResource }: Statement): string[] {
  if (Effect !== "Allow") return [];
  if (NotAction !== undefined) return [`it allows everything but ${listOf(NotAction).join(", ")}`];
  const whole = listOf(Action).filter(isWhole);
  if (whole.length > 0) return [`it allows ${whole.join(", ")}`];
  const harmful = listOf(Action).filter((it) => !isHarmless(it));
  if (harmful.length === 0) return [];
  if (NotResource !== undefined) {
    return [`it allows ${harmful.join(", ")} on every resource but ${listOf(NotResource).join(", ")}`];
  }
  return listOf(Resource).some(isEvery) ? [`it allows ${harmful.join(", ")} on every resource`] : [];
}

/** Whether a policy of AWS gives a whole service or account away. */
export function isWidePolicy(arn: string): boolean {
  const name = arn.split("/").pop()!;
  if (["AdministratorAccess", "PowerUserAccess", "IAMFullAccess"].includes(name)) return true;
  return /^arn:aws[a-z-]*:iam::aws:policy\//.test(arn) && /(?<!Client)FullAccess$/.test(name);
}
