import type { AwsRecord } from "../../aws/records";
import type { Fields } from "../../kubernetes/client";
import { record } from "./apiErrorCases";
import { trustOfPods } from "./policies";

/** All that the EBS and the EFS driver need to work. */
export const drivers = [
  record("eks/addon", "identity", { addonName: "eks-pod-identity-agent" }),
  ...[
    ["ebs", "AmazonEBSCSIDriverPolicyV2"],
    ["efs", "service-role/AmazonEFSCSIDriverPolicy"],
  ].flatMap(([name, policy]) => [
    record("eks/addon", name!, { addonName: `aws-${name}-csi-driver` }),
    record("eks/podIdentityAssociation", `a-${name}`, {
      serviceAccount: `${name}-csi-controller-sa`,
      roleArn: `arn:aws:iam::111101013333:role/${name}`,
    }),
    record("iam/role", `r-${name}`, { arn: `arn:aws:iam::111101013333:role/${name}`, assumeRolePolicy: trustOfPods }),
    record("iam/rolePolicyAttachment", `p-${name}`, {
      role: `r-${name}`,
      policyArn: `arn:aws:iam::aws:policy/${policy}`,
    }),
  ]),
];

/** A resource with other properties. */
export const varied = (one: AwsRecord, fields: Fields): AwsRecord => ({
  ...one,
  properties: { ...one.properties, ...fields },
});
