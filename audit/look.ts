import type { Gap } from "./findings";

/**
 * What AWS's services say to whoever lacks a right, each in its own way.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html (UnauthorizedOperation),
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
 */
const DENIED = /^(AccessDenied|AccessDeniedException|UnauthorizedOperation|AuthorizationError|NotAuthorized)$/;

interface Refusal {
  name?: string;
  message?: string;
  $metadata?: { httpStatusCode?: number };
}

export const isDenied = (error: unknown): boolean => DENIED.test((error as Refusal).name ?? "");

/**
 * A refusal that a resource's own policy makes for sure. That no such policy allows it is also said to whoever lacks the right
 * (https://github.com/jbrt/ec2cryptomatic/issues/26), and of several policies only one is named:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
 */
const BY_ITSELF = /explicit deny in a resource-based policy/;
const isByItself = (error: unknown) => BY_ITSELF.test((error as Refusal).message ?? "");

const isNamed = (error: unknown, names: string[]) => names.includes((error as Refusal).name ?? "");

/** What is asked, so that a refusal can be told. */
export interface Question {
  /** What isn't known without the answer, such as `volumes`. */
  what: string;
  /** The right that AWS asks for: https://docs.aws.amazon.com/service-authorization/latest/reference/reference.html */
  right: string;
  region: string;
}

/** Requests at a time. KMS answers 100 such requests a second at most, for a whole account: https://docs.aws.amazon.com/kms/latest/developerguide/throttling.html */
const AT_ONCE = 8;

/** Asks AWS, and notes what it doesn't answer: one refusal hides nothing of the rest. */
export class Look {
  readonly gaps: Gap[] = [];
  readonly remarks: string[] = [];

  /** @param note is told what is looked at. */
  constructor(private readonly note: (what: string) => void = () => undefined) {}

  /** @param absent the names of errors by which AWS says that there is none. */
  async one<T>(question: Question, ask: () => Promise<T>, absent: string[] = []): Promise<T | undefined> {
    this.note(`${question.what} in ${question.region}`);
    try {
      return await ask();
    } catch (error) {
      if (!isNamed(error, absent)) this.miss(question, error);
      return undefined;
    }
  }

  /** All pages of a list; as far as they can be had. */
  async all<Page, T>(
    question: Question,
    pages: AsyncIterable<Page>,
    itemsOf: (page: Page) => T[] | undefined,
  ): Promise<T[]> {
    const items: T[] = [];
    await this.one(question, async () => {
      for await (const page of pages) {
        items.push(...(itemsOf(page) ?? []));
        this.note(`${question.what} in ${question.region}: ${items.length}`);
      }
    });
    return items;
  }

  /**
   * The same question about each of several resources. One whose own policy denies it to this one is none of the stack's,
   * which leave it to IAM: it is passed over, and counted. Any other refusal may be a right that is missing.
   */
  async each<T, Answer>(
    question: Question,
    resources: T[],
    ask: (resource: T) => Promise<Answer>,
    absent: string[] = [],
  ): Promise<[T, Answer | undefined][]> {
    const answers: [T, Answer | undefined][] = [];
    let passed = 0;
    for (let begin = 0; begin < resources.length; begin += AT_ONCE) {
      this.note(`${question.what} in ${question.region}: ${begin} of ${resources.length}`);
      const some = resources.slice(begin, begin + AT_ONCE).map(async (resource) => {
        try {
          answers.push([resource, await ask(resource)]);
        } catch (error) {
          if (isNamed(error, absent)) answers.push([resource, undefined]);
          else if (isDenied(error) && isByItself(error)) passed += 1;
          else this.miss(question, error);
        }
      });
      await Promise.all(some);
    }
    if (passed > 0) {
      const verb = passed === 1 ? "denies" : "deny";
      this.remarks.push(
        `${passed} of ${resources.length} ${verb} ${question.right} in ${question.region} by policies of their own, ` +
          `which nothing has that the program makes (${question.what}).`,
      );
    }
    return answers;
  }

  private miss({ what, right, region }: Question, error: unknown): void {
    const { name = "", message = "" } = error as Refusal;
    // Of several requests of one kind, each would say the same.
    const gap: Gap = { what, region, message: message || name, ...(isDenied(error) ? { missing: right } : {}) };
    if (!this.gaps.some((it) => it.what === what && it.region === region)) this.gaps.push(gap);
  }
}
