import { changeRecords, readRecords, token } from "../records";
import type { Commands } from "../cli/command";

const isNamed = (name: string | undefined) => (record: { type: string; id: string }) =>
  record.type === token("ssm/parameter") && record.id === name;

/** https://docs.aws.amazon.com/cli/latest/reference/ssm/ */
export const ssmCommands: Commands = {
  "ssm get-parameter": {
    required: ["name"],
    switches: ["with-decryption"],
    run: ({ name, ...flags }) => {
      const found = readRecords().find(isNamed(name));
      if (!found) throw new Error("An error occurred (ParameterNotFound) when calling the GetParameter operation: ");
      const { type, value, arn } = found.properties;
      const isHidden = type === "SecureString" && !("with-decryption" in flags);
      return { Parameter: { Name: name, Type: type, Value: isHidden ? "AQICAHencrypted==" : value, ARN: arn } };
    },
  },
  "ssm put-parameter": {
    required: ["name", "type", "value"],
    run: ({ name = "", type, value }) =>
      changeRecords((records) => {
        if (records.some(isNamed(name))) {
          throw new Error(
            "An error occurred (ParameterAlreadyExists) when calling the PutParameter operation: The parameter " +
              "already exists. To overwrite this value, set the overwrite option in the request to true.",
          );
        }
        const [region, account] = [process.env.AWS_REGION ?? "eu-west-1", process.env.EKS_STORAGE_ACCOUNT];
        const arn = `arn:aws:ssm:${region}:${account}:parameter${name}`;
        const properties = { name, type, value, arn, region, version: 1, tier: "Standard" };
        records.push({ type: token("ssm/parameter"), id: name, status: "ACTIVE", properties });
        return { Version: 1, Tier: "Standard" };
      }),
  },
};
