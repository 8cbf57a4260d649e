import { PerformanceMode } from "./fileSystemSettings";

/**
 * The default name of a file system, from the properties that make another, empty file system when they change. It is part
 * of the names of mount targets, volumes and claims, so that those of a new file system are made before the old ones are
 * deleted. Empty where these properties have their defaults.
 */
export function defaultFileSystemName(isEncryptedByCustomer: boolean, performanceMode?: PerformanceMode): string {
  return [
    ...(isEncryptedByCustomer ? ["customer-key"] : []),
    ...(performanceMode === PerformanceMode.MaxIO ? ["maxIO"] : []),
  ].join("-");
}
