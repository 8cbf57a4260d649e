import { keepsData, type Retention } from "../retention/retention";

/**
 * Days between the deletion of a KMS key and its end, in which it can be brought back: AWS's longest window where data
 * outlives the stack, and its shortest elsewhere.
 * https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html
 */
export const deletionWindowInDays = (retention: Retention): number => (keepsData(retention) ? 30 : 7);
