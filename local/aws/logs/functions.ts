import type { ProviderFunction } from "../service";

export const functions: Record<string, ProviderFunction> = {
  "cloudwatch/getLogGroups": ({ logGroupNamePrefix = "" }, { region }, account) => {
    const found = account
      .where("cloudwatch/logGroup", "region", region)
      .filter(({ id }) => id.startsWith(String(logGroupNamePrefix)));
    const arns = found.map(({ properties }) => properties.arn);
    return { id: region, region, logGroupNamePrefix, arns, logGroupNames: found.map(({ id }) => id) };
  },
};
