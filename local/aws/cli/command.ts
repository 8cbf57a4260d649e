import type { Account } from "../account";
import type { ApiRequest } from "../apiErrors";

/** Flags of a command, in the camel case of AWS's parameters: `--file-system-id` is `fileSystemId`. Lists are one text. */
export type Parameters = Record<string, string>;

/** One command of the AWS CLI, as much of it as the program and the commands on the pages in docs/ need. */
export interface Command {
  /** Flags with a value that must be given. */
  required: string[];
  optional?: string[];
  /** Flags with at least one value that must be given. Together they are one text. */
  lists?: string[];
  /** Flags without a value. */
  switches?: string[];
  /** It needs `--region`. */
  regional?: true;
  /** The request; without this the parameters are its properties. */
  request?(parameters: Parameters, account: Account): Partial<ApiRequest>;
  /** Does what was asked, which AWS doesn't refuse, and answers. */
  run(request: ApiRequest, account: Account): object | undefined;
}

/** By operation. */
export type Commands = Record<string, Command>;

/** `a=1,b=2`, as the CLI's shorthand has it. */
export const shorthand = (text = ""): Record<string, string> =>
  Object.fromEntries(
    text
      .split(",")
      .filter(Boolean)
      .map((pair) => pair.split(/=(.*)/s).slice(0, 2) as [string, string]),
  );

/** Tags as AWS's answers have them. */
export const tagList = (tags: unknown) =>
  Object.entries((tags ?? {}) as Record<string, string>).map(([Key, Value]) => ({ Key, Value }));
