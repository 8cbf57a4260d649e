import * as pulumi from "@pulumi/pulumi";
import { bootstrap } from "./program";

const config = new pulumi.Config();

export const { environments, backendUrl, secretsProvider, rolePath, rolePermissionsBoundaryArn } = bootstrap({
  accountId: config.require("accountId"),
  region: config.require("region"),
  repository: config.require("repository"),
  ownerId: config.require("ownerId"),
  repositoryId: config.require("repositoryId"),
  stacks: config.requireObject("stacks"),
  names: config.requireObject("names"),
  oidcProviderArn: config.get("oidcProviderArn") ?? "",
  subjects: config.require("subjects"),
});
