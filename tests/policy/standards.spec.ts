import assert from "node:assert/strict";
import { policies } from "../../policy/policies";

/** The ids that policies name, with what each demands where it is published. */
const published: Record<string, Record<string, string>> = {
  // https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-controls-reference.html
  "AWS Security Hub": {
    "EC2.3": "Attached Amazon EBS volumes should be encrypted at-rest",
    "EC2.6": "VPC flow logging should be enabled in all VPCs",
    "EC2.18": "Security groups should only allow unrestricted incoming traffic for authorized ports",
    "EC2.28": "EBS volumes should be covered by a backup plan",
    "EC2.170": "EC2 launch templates should use Instance Metadata Service Version 2 (IMDSv2)",
    "EC2.181": "EC2 launch templates should enable encryption for attached EBS volumes",
    "EFS.1": "Elastic File System should be configured to encrypt file data at-rest using AWS KMS",
    "EFS.2": "Amazon EFS volumes should be in backup plans",
    "EFS.3": "EFS access points should enforce a root directory",
    "EFS.4": "EFS access points should enforce a user identity",
    "EFS.6": "EFS mount targets should not be associated with subnets that assign public IP addresses on launch",
    "EFS.8": "EFS file systems should be encrypted at rest",
    "EKS.3": "EKS clusters should use encrypted Kubernetes secrets",
    "EKS.8": "EKS clusters should have audit logging enabled",
    "IAM.1": 'IAM policies should not allow full "*" administrative privileges',
    "IAM.21": "IAM customer managed policies that you create should not allow wildcard actions for services",
    "KMS.3": "AWS KMS keys should not be deleted unintentionally",
    "KMS.4": "AWS KMS key rotation should be enabled",
    "S3.5": "S3 general purpose buckets should require requests to use SSL",
    "S3.8": "S3 general purpose buckets should block public access",
    "S3.14": "S3 general purpose buckets should have versioning enabled",
  },
  // CIS Amazon EKS Benchmark 1.7.0, as https://github.com/aquasecurity/kube-bench/tree/main/cfg/eks-1.7.0 has it
  "CIS EKS": {
    "2.1.1": "Enable audit logs",
    "4.2.1": "Minimize the admission of privileged containers",
    "4.2.2": "Minimize the admission of containers wishing to share the host process ID namespace",
    "4.2.3": "Minimize the admission of containers wishing to share the host IPC namespace",
    "4.2.4": "Minimize the admission of containers wishing to share the host network namespace",
    "4.2.5": "Minimize the admission of containers with allowPrivilegeEscalation",
    "4.3.1": "Ensure CNI plugin supports network policies",
    "4.3.2": "Ensure that all namespaces have network policies defined",
    "5.3.1": "Ensure Kubernetes secrets are encrypted using customer master keys managed in AWS KMS",
    "5.4.1": "Restrict access to the control plane endpoint",
  },
  // https://github.com/bridgecrewio/checkov/tree/main/docs/5.Policy%20Index and the checks themselves
  Checkov: {
    CKV_AWS_3: "Ensure all data stored in the EBS is securely encrypted",
    CKV_AWS_7: "Ensure rotation for customer created CMKs is enabled",
    CKV_AWS_19: "Ensure the S3 bucket has server-side-encryption enabled",
    CKV_AWS_21: "Ensure the S3 bucket has versioning enabled",
    CKV_AWS_37: "Ensure Amazon EKS control plane logging is enabled for all log types",
    CKV_AWS_38: "Ensure Amazon EKS public endpoint not accessible to 0.0.0.0/0",
    CKV_AWS_42: "Ensure EFS is securely encrypted",
    CKV_AWS_53: "Ensure S3 bucket has block public ACLS enabled",
    CKV_AWS_54: "Ensure S3 bucket has block public policy enabled",
    CKV_AWS_55: "Ensure S3 bucket has ignore public ACLs enabled",
    CKV_AWS_56: "Ensure S3 bucket has 'restrict_public_bucket' enabled",
    CKV_AWS_58: "Ensure EKS Cluster has Secrets Encryption Enabled",
    CKV_AWS_60: "Ensure IAM role allows only specific services or principals to assume it",
    CKV_AWS_61: "Ensure IAM role allows only specific principals in account to assume it",
    CKV_AWS_62: 'Ensure no IAM policies that allow full "*-*" administrative privileges are not created',
    CKV_AWS_63: 'Ensure no IAM policies documents allow "*" as a statement\'s actions',
    CKV_AWS_79: "Ensure Instance Metadata Service Version 1 is not enabled",
    CKV_AWS_274: "Disallow IAM roles, users, and groups from using the AWS AdministratorAccess policy",
    CKV_AWS_277: "Ensure no security groups allow ingress from 0.0.0.0:0 to port -1",
    CKV_AWS_329: "EFS access points should enforce a root directory",
    CKV_AWS_330: "EFS access points should enforce a user identity",
    CKV_AWS_341: "Ensure Launch template should not have a metadata response hop limit greater than 1",
    CKV_AWS_379: "Ensure AWS S3 bucket is configured with secure data transport policy",
    CKV_AWS_384: "Ensure no hard-coded secrets exist in Parameter Store values",
    CKV2_AWS_9: "Ensure that EBS are added in the backup plans of AWS Backup",
    CKV2_AWS_11: "Ensure VPC flow logging is enabled in all VPCs",
    CKV2_AWS_18: "Ensure that EFS file systems are added in the backup plans of AWS Backup",
    CKV2_AWS_34: "AWS SSM Parameter should be Encrypted",
    CKV_K8S_16: "Container should not be privileged",
    CKV_K8S_20: "Containers should not run with allowPrivilegeEscalation",
    CKV_K8S_23: "Minimize the admission of root containers",
    CKV_K8S_31: "Ensure that the seccomp profile is set to docker/default or runtime/default",
    CKV_K8S_37: "Minimize the admission of containers with capabilities assigned",
    CKV2_K8S_6: "Minimize the admission of pods which lack an associated NetworkPolicy",
  },
  // https://kubernetes.io/docs/concepts/security/pod-security-standards/
  "Pod Security Standards": {
    "Baseline: HostPath Volumes": "HostPath volumes must be forbidden",
    Restricted: "Heavily restricted, following current pod hardening best practices",
  },
};

describe("the ids of standards", () => {
  const known = Object.entries(published).flatMap(([standard, ids]) =>
    Object.keys(ids).map((id) => `${standard} ${id}`),
  );

  it("are published ones", () => {
    const used = policies.flatMap(({ standards }) => standards);
    assert.deepEqual([...new Set(used)].sort(), known.sort());
  });
});
