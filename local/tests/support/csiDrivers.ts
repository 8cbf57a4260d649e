import type { AwsRecord } from "../../aws/records";
import type { Fields } from "../../kubernetes/client";
import { record } from "./apiErrorCases";

export const trust = (actions: string[]) => {
  const Statement = [{ Effect: "Allow", Principal: { Service: "pods.eks.amazonaws.com" }, Action: actions }];
  return JSON.stringify({ Statement });
};
export const assumeRolePolicy = trust(["sts:AssumeRole", "sts:TagSession"]);

/** All that the EBS and the EFS driver need to work. */
export const drivers = [
  record("eks/addon", "identity", { addonName: "eks-pod-identity-agent" }),
  ...[
    ["ebs", "AmazonEBSCSIDriverPolicyV2"],
    ["efs", "AmazonEFSCSIDriverPolicy"],
  ].flatMap(([name, policy]) => [
    record("eks/addon", name!, { addonName: `aws-${name}-csi-driver` }),
    record("eks/podIdentityAssociation", `a-${name}`, {
      serviceAccount: `${name}-csi-controller-sa`,
      roleArn: `arn:aws:iam::1:role/${name}`,
    }),
    record("iam/role", `r-${name}`, { arn: `arn:aws:iam::1:role/${name}`, assumeRolePolicy }),
    record("iam/rolePolicyAttachment", `p-${name}`, {
      role: `r-${name}`,
      policyArn: `arn:aws:iam::aws:policy/service-role/${policy}`,
    }),
  ]),
];

/** A resource with other properties. */
export const varied = (one: AwsRecord, fields: Fields): AwsRecord => ({
  ...one,
  properties: { ...one.properties, ...fields },
});
