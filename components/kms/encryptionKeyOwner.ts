/** Whose KMS key encrypts data: AWS's own for each service, or one of this account. */
export const EncryptionKeyOwner = { Aws: "aws", Customer: "customer" } as const;
export type EncryptionKeyOwner = (typeof EncryptionKeyOwner)[keyof typeof EncryptionKeyOwner];
