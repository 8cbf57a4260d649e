import { posix } from "node:path";
import type { Account } from "../account";
import { call, type ProviderFunction } from "../service";
import { errors, page } from "./apiErrors";

/** A parameter as the provider has it. */
function described(account: Account, name: unknown, withDecryption: unknown) {
  const { arn, type, value, version } = account.find("ssm/parameter", name)!.properties;
  const isHidden = type === "SecureString" && withDecryption !== true;
  return { arn, type, version, value: isHidden ? "AQICAHencrypted==" : value };
}

export const functions: Record<string, ProviderFunction> = {
  "ssm/getParameter": ({ name, withDecryption = true }, { region }, account) => {
    call({ errors, page }, ["GetParameter"], { id: String(name), properties: { name, region }, olds: {} }, account);
    return { id: name, name, region, withDecryption, ...described(account, name, withDecryption) };
  },
  /** Those directly under a path; none is no error. Their values are secrets, as in the provider. */
  "ssm/getParametersByPath": ({ path, withDecryption = true }, { region }, account) => {
    const names = account
      .all("ssm/parameter")
      .filter(({ id, properties }) => properties.region === region && posix.dirname(id) === path)
      .map(({ id }) => id);
    const all = names.map((name) => described(account, name, withDecryption));
    return {
      ...{ id: path, path, region, withDecryption, names },
      arns: all.map(({ arn }) => arn),
      types: all.map(({ type }) => type),
      values: all.map(({ value }) => value),
    };
  },
};
