import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Violation } from "../checks/violations";
import { notFound } from "../retention/adoptable";

/** Why the role of AWS Backup can't be adopted. */
export async function validateAdoptableRole(name: string, opts: pulumi.InvokeOptions): Promise<Violation[]> {
  let found: Partial<aws.iam.GetRoleResult>;
  try {
    found = await aws.iam.getRole({ name }, opts);
  } catch (error) {
    return [notFound("adoptRole", "an IAM role", name, undefined, error)];
  }
  if (found.assumeRolePolicy?.includes("backup.amazonaws.com") ?? true) return [];
  const fix = "Name the one that was kept with the vault, or none: then a new one is made for backups to come.";
  return [{ argument: "adoptRole", expected: "a role that AWS Backup may assume", actual: name, fix }];
}
