/** The CSI drivers that this package installs. */
export const CsiDriverKind = { Efs: "efs", Ebs: "ebs", S3: "s3" } as const;
export type CsiDriverKind = (typeof CsiDriverKind)[keyof typeof CsiDriverKind];
