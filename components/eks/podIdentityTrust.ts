import * as pulumi from "@pulumi/pulumi";

/** Who may take a role that Pod Identity gives to pods: https://docs.aws.amazon.com/eks/latest/userguide/pod-id-role.html */
export const podIdentityTrust = pulumi.jsonStringify({
  Version: "2012-10-17",
  Statement: [
    {
      Effect: "Allow",
      Principal: { Service: "pods.eks.amazonaws.com" },
      Action: ["sts:AssumeRole", "sts:TagSession"],
    },
  ],
});
