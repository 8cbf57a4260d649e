import { call, type ProviderFunction } from "../service";
import { errors, page } from "./apiErrors";

export const functions: Record<string, ProviderFunction> = {
  "iam/getRole": ({ name }, _, account) => {
    call({ errors, page }, ["GetRole"], { id: String(name), properties: { name }, olds: {} }, account);
    const { arn, assumeRolePolicy, description, uniqueId, tagsAll = {} } = account.find("iam/role", name)!.properties;
    return { ...{ id: name, name, arn, assumeRolePolicy, description, uniqueId }, tags: tagsAll };
  },
};
