import type { Settings } from "../../bootstrap/settings";

export const ACCOUNT = "111101013333";

/** A repository with the one stack `dev`, in an account that knows nothing of GitHub yet. */
export const bootstrapSettings: Settings = {
  accountId: ACCOUNT,
  region: "eu-west-1",
  repository: "shop/eks-storage",
  ownerId: "123456",
  repositoryId: "456789",
  stacks: ["dev"],
  names: {},
  oidcProviderArn: "",
  subjects: "both",
};
