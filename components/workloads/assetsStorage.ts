/** What holds the product images: a file system (EFS) or a bucket (S3). */
export const AssetsStorage = { Efs: "efs", S3: "s3" } as const;
export type AssetsStorage = (typeof AssetsStorage)[keyof typeof AssetsStorage];

/** Whether the stack makes the volume's access point itself (`static`), or the EFS class makes one (`dynamic`). */
export const AssetsProvisioning = { Static: "static", Dynamic: "dynamic" } as const;
export type AssetsProvisioning = (typeof AssetsProvisioning)[keyof typeof AssetsProvisioning];
