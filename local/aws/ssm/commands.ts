import type { Commands } from "../cli/command";

/** https://docs.aws.amazon.com/cli/latest/reference/ssm/ */
export const commands: Commands = {
  GetParameter: {
    required: ["name"],
    switches: ["with-decryption"],
    run: ({ properties: { name, withDecryption } }, account) => {
      const { type, value, arn } = account.find("ssm/parameter", name)!.properties;
      const isHidden = type === "SecureString" && !withDecryption;
      return { Parameter: { Name: name, Type: type, Value: isHidden ? "AQICAHencrypted==" : value, ARN: arn } };
    },
  },
  DeleteParameter: {
    required: ["name"],
    run: ({ properties: { name } }, account) => {
      account.remove(account.find("ssm/parameter", name));
      return undefined;
    },
  },
  PutParameter: {
    required: ["name", "type", "value"],
    request: (parameters) => ({
      id: parameters.name,
      properties: { ...parameters, region: process.env.AWS_REGION ?? "eu-west-1" },
    }),
    run: ({ id, properties }, account) => {
      const arn = `arn:aws:ssm:${String(properties.region)}:${account.id}:parameter${id}`;
      account.add("ssm/parameter", id, { ...properties, arn, version: 1, tier: "Standard" });
      return { Version: 1, Tier: "Standard" };
    },
  },
};
