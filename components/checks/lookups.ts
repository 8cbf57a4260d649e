import * as pulumi from "@pulumi/pulumi";

/** What AWS answers to one who may not ask: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html */
const DENIED = /AccessDenied|UnauthorizedOperation|Forbidden|not authorized to perform|explicit deny/;

/** AWS's own words, without those of the engine around them: the first line, of at most 300 characters. */
function answerOf(error: unknown): string {
  const [words = ""] = (error as Error).message.replace(/^invocation of \S+ returned an error: /, "").split("\n");
  return words.trim().slice(0, 300);
}

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
