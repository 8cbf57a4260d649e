/**
 * Permissions, in octal, of a directory that EFS makes for an access point: all for its owner, reading for its group,
 * nothing for others.
 */
export const DEFAULT_DIRECTORY_PERMISSIONS = "0750";
