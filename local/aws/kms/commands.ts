import type { Commands } from "../cli/command";
import { hex } from "../records";

/** https://docs.aws.amazon.com/cli/latest/reference/kms/ */
export const commands: Commands = {
  CreateGrant: {
    required: ["key-id", "grantee-principal"],
    lists: ["operations"],
    optional: ["region"],
    run: ({ properties: { keyId, granteePrincipal, operations } }, account) => {
      const GrantId = hex(64);
      account.add("kms/grant", GrantId, { keyId, granteePrincipal, operations });
      return { GrantId, GrantToken: hex(64) };
    },
  },
  ListGrants: {
    required: ["key-id"],
    optional: ["region"],
    run: ({ properties: { keyId } }, account) => ({
      Grants: account.where("kms/grant", "keyId", keyId).map(({ id, properties }) => ({
        ...{ KeyId: keyId, GrantId: id, GranteePrincipal: properties.granteePrincipal },
        Operations: String(properties.operations).split(" "),
      })),
    }),
  },
};
