import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { validateAdoptableRole } from "./adoptableRole";
import { serviceRole } from "../iam/role";
import type { RoleRulesArgs } from "../iam/roleRules";
import { adopt } from "../retention/adoption";
import type { Adopter } from "../retention/adopter";
import { protectAndRetain, retained, type Retention } from "../retention/retention";

/** AWS's own policies for the role of AWS Backup, by the ends of their ARNs. Both limit their resources and conditions. */
const POLICIES = {
  backup: "service-role/AWSBackupServiceRolePolicyForBackup",
  restore: "service-role/AWSBackupServiceRolePolicyForRestores",
};

/** https://docs.aws.amazon.com/aws-backup/latest/devguide/iam-service-roles.html */
const backupTrust = pulumi.jsonStringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "backup.amazonaws.com" }, Action: "sts:AssumeRole" }],
});

/**
 * AWS Backup deletes an expired backup as the role that made it. Without that role the backup stays, `EXPIRED`, and is paid
 * for. So the role is retained as the vault is. Where both are deleted, the role is deleted after the vault.
 * https://docs.aws.amazon.com/aws-backup/latest/devguide/backup-iam.html
 */
export function backupRole(
  name: string,
  args: {
    vaultName: string;
    retention: Retention;
    adoptRole?: string;
    partition: pulumi.Input<string>;
    roles?: RoleRulesArgs;
  },
  adopter: Adopter,
  parent: pulumi.Resource,
) {
  const { vaultName, retention, adoptRole, partition, roles } = args;
  const roleName = `${name}-backup`;
  const role = serviceRole(
    roleName,
    {
      ...(adoptRole ? { name: adoptRole } : {}),
      assumeRolePolicy: backupTrust,
      description: `AWS Backup in the vault ${vaultName}`,
    },
    roles,
    {
      parent,
      ...protectAndRetain(retention),
      ...adopt(adopter, {
        ...{ argument: "adoptRole", id: adoptRole, type: "aws:iam/role:Role", names: [roleName] },
        check: (id) => validateAdoptableRole(id, { parent }),
      }).options,
      // The adopted name may be left out again. Another name would make another role.
      ignoreChanges: ["name"],
    },
  );
  const attachments = Object.entries(POLICIES).map(
    ([key, policy]) =>
      new aws.iam.RolePolicyAttachment(
        `${name}-${key}`,
        { role: role.name, policyArn: pulumi.interpolate`arn:${partition}:iam::aws:policy/${policy}` },
        { parent, ...retained(retention) },
      ),
  );
  return { role, attachments };
}
