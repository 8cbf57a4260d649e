/** The CSI drivers that this package installs. */
export const CsiDriverKind = { Efs: "efs", Ebs: "ebs", S3: "s3" } as const;
export type CsiDriverKind = (typeof CsiDriverKind)[keyof typeof CsiDriverKind];

/** EKS's add-on for each. https://docs.aws.amazon.com/eks/latest/userguide/workloads-add-ons-available-eks.html */
export const csiAddonNames: Record<CsiDriverKind, string> = {
  efs: "aws-efs-csi-driver",
  ebs: "aws-ebs-csi-driver",
  s3: "aws-mountpoint-s3-csi-driver",
};
