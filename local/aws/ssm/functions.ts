import { call, type ProviderFunction } from "../service";
import { errors, page } from "./apiErrors";

export const functions: Record<string, ProviderFunction> = {
  "ssm/getParameter": ({ name, withDecryption = true }, { region }, account) => {
    call({ errors, page }, ["GetParameter"], { id: String(name), properties: { name, region }, olds: {} }, account);
    const { arn, type, value, version } = account.find("ssm/parameter", name)!.properties;
    const isHidden = type === "SecureString" && withDecryption !== true;
    return {
      id: name,
      name,
      arn,
      type,
      version,
      region,
      withDecryption,
      value: isHidden ? "AQICAHencrypted==" : value,
    };
  },
};
