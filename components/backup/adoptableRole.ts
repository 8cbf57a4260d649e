import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Violation } from "../checks/violations";
import { lookedAt } from "../retention/adoptable";

/** Why the role of AWS Backup can't be adopted. */
export function validateAdoptableRole(name: string, opts: pulumi.InvokeOptions): Promise<Violation[]> {
  const role = { argument: "adoptRole", what: "an IAM role", id: name, right: "iam:GetRole" };
  return lookedAt(role, aws.iam.getRole({ name }, opts), ({ assumeRolePolicy }) => {
    if (assumeRolePolicy?.includes("backup.amazonaws.com") ?? true) return [];
    const fix = "Name the one that was kept with the vault, or none: then a new one is made for backups to come.";
    return [{ argument: "adoptRole", expected: "a role that AWS Backup may assume", actual: name, fix }];
  });
}
