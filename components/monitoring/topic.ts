import type { Violation } from "../checks/violations";

/** What is wrong with the ARN of a topic. Alarms have no use for the order that FIFO topics keep: they need a standard one. */
export function validateTopic(arn: string | undefined, argument = "topicArn"): Violation[] {
  if (arn === undefined || /^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}$/.test(arn)) return [];
  return [
    {
      argument,
      expected: "the ARN of a standard SNS topic",
      actual: arn,
      fix: "aws sns list-topics lists them. Subscribe to the topic, too: without a subscription nobody is notified.",
    },
  ];
}
