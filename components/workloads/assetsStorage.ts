/** What holds the images. */
export const AssetsStorage = { Efs: "efs", S3: "s3" } as const;
export type AssetsStorage = (typeof AssetsStorage)[keyof typeof AssetsStorage];

/** Whether the volume is on an access point of ours, or its class makes one. */
export const AssetsProvisioning = { Static: "static", Dynamic: "dynamic" } as const;
export type AssetsProvisioning = (typeof AssetsProvisioning)[keyof typeof AssetsProvisioning];
