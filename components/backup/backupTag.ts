/**
 * The tag that a backup plan selects its resources by; its value is the stack's name, such as `eks-storage-prod`, so that
 * environments in one account don't back up each other's data.
 */
export const BACKUP_TAG = "eks-storage:backup";
