import * as pulumi from "@pulumi/pulumi";

/** What AWS answers to one who may not ask: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html */
const DENIED = /AccessDenied|UnauthorizedOperation|Forbidden|not authorized to perform|explicit deny/;

/** What AWS says where there is no such thing; each service, and the provider, has its own words. */
const MISSING = /not ?found|couldn't find|no matching|no results|does not exist|NoSuch/i;

/**
 * AWS's own words, of at most 300 characters. The engine's and the bridge's stand around them: `invocation of TOKEN returned an
 * error: invoking TOKEN: 1 error occurred:`, and in the next line a star.
 * https://github.com/pulumi/pulumi-terraform-bridge/blob/main/pkg/tfshim/sdk-v2/provider.go
 */
function answerOf(error: unknown): string {
  const words = error instanceof Error ? error.message : String(error);
  return words
    .replace(/^invocation of \S+ returned an error: /, "")
    .replace(/^invoking \S+: /, "")
    .replace(/^\d+ errors? occurred:\s*\*\s*/, "")
    .replace(/\s+/g, " ")
    .trim()
    .slice(0, 300);
}

/** Whether AWS has no such thing. */
export const isMissing = (error: unknown): boolean => MISSING.test(answerOf(error)) && !isDenied(error);

/** Whether AWS refused for want of rights. */
export const isDenied = (error: unknown): boolean => DENIED.test(answerOf(error));

/**
 * How a lookup that failed is mended, in AWS's words, and with the right that whoever asked lacks.
 *
 * @param right IAM's name of the action, such as `kms:DescribeKey`.
 */
export function lookupFix(right: string, error: unknown): string {
  const answer = `AWS answered: ${answerOf(error)}`;
  return isDenied(error) ? `Whoever deploys or previews must be allowed ${right}. ${answer}` : answer;
}

/**
 * Waits for what AWS is asked.
 *
 * @param what What can't be known otherwise, as the beginning of a sentence.
 * @param right As of {@link lookupFix}.
 * @throws pulumi.RunError, which ends the program with its message alone.
 */
export async function lookUp<T>(what: string, right: string, asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    throw new pulumi.RunError(`${what} can't be looked up. ${lookupFix(right, error)}`);
  }
}
