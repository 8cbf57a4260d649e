/** Whose KMS key encrypts data: AWS's own key for each service (`aws`), or a key of this account (`customer`). */
export const EncryptionKeyOwner = { Aws: "aws", Customer: "customer" } as const;
export type EncryptionKeyOwner = (typeof EncryptionKeyOwner)[keyof typeof EncryptionKeyOwner];
