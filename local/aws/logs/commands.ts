import type { Commands } from "../cli/command";

/** https://docs.aws.amazon.com/cli/latest/reference/logs/ */
export const commands: Commands = {
  DeleteLogGroup: {
    required: ["log-group-name"],
    run: ({ properties: { logGroupName } }, account) => {
      account.remove(account.find("cloudwatch/logGroup", logGroupName));
      return undefined;
    },
  },
};
