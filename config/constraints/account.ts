import { partitionOf } from "../../components/partitions";
import { constraint, type Finding } from "./constraint";

/** What is wrong with the ARN of what must be in the stack's account: another account's, or another partition's. */
function ofAccount(arn: string | undefined, account: string, region: string): Finding {
  if (arn === undefined) return false;
  const beginning = `arn:${partitionOf(region)}:iam::`;
  if (arn.startsWith(`${beginning}${account}:`)) return false;
  return { expected: `of the stack's account, ${beginning}${account}:…`, fix: "Name the one in that account." };
}

/** Constraints on what an account asks of roles, and on the role that is assumed in it. */
export const accountConstraints = [
  constraint({
    id: "role-permissions-boundary",
    key: "rolePermissionsBoundaryArn",
    title: "The permissions boundary of roles is a policy of the stack's account, or one of AWS's.",
    reads: ["rolePermissionsBoundaryArn", "accountId", "region"],
    check: ({ rolePermissionsBoundaryArn: arn, accountId, region }) =>
      !arn?.startsWith(`arn:${partitionOf(region)}:iam::aws:`) && ofAccount(arn, accountId, region),
  }),
  constraint({
    id: "assume-role",
    key: "assumeRoleArn",
    title: "The role to assume is of the stack's account.",
    reads: ["assumeRoleArn", "accountId", "region"],
    check: ({ assumeRoleArn, accountId, region }) => ofAccount(assumeRoleArn, accountId, region),
  }),
  constraint({
    id: "assume-role-deploys",
    key: "assumeRoleArn",
    title: "The role to assume is the one that deploys, and in neither administrators nor viewers.",
    reads: ["assumeRoleArn", "deployerRoleArn", "administrators", "viewers"],
    check: ({ assumeRoleArn, deployerRoleArn, administrators, viewers }) => {
      if (assumeRoleArn === undefined) return false;
      if (deployerRoleArn !== undefined && deployerRoleArn !== assumeRoleArn) {
        return {
          expected: `${deployerRoleArn}, as deployerRoleArn`,
          fix: "Whoever is assumed deploys: name one role.",
        };
      }
      return (
        [...administrators, ...viewers].includes(assumeRoleArn) && {
          expected: "in neither administrators nor viewers",
          fix: "It creates the cluster and administers it already, and EKS refuses a second entry: remove it there.",
        }
      );
    },
  }),
  // The AWS CLI opens a new file system for it, with credentials of its own: components/efs/overwriteProtection.ts
  constraint({
    id: "assume-role-replica",
    key: "assumeRoleArn",
    title: "No role is assumed where there is a copy of the file system in another region.",
    reads: ["assumeRoleArn", "efsReplicaRegion"],
    check: ({ assumeRoleArn, efsReplicaRegion }) =>
      assumeRoleArn !== undefined &&
      efsReplicaRegion !== undefined && {
        expected: "left out with efsReplicaRegion",
        fix: "To make the copy the AWS CLI is called, which assumes none: set AWS_PROFILE to a profile with this role_arn.",
      },
  }),
];
