import { PerformanceMode } from "./fileSystemSettings";

/**
 * Which file system it is, as far as its own properties tell: those that make it another, empty one when they change.
 * Mount targets, volumes and claims carry it in their names, so that those of another file system come before these go.
 * Empty where all of them have their defaults.
 */
export function defaultFileSystemName(isEncryptedByCustomer: boolean, performanceMode?: PerformanceMode): string {
  return [
    ...(isEncryptedByCustomer ? ["customer-key"] : []),
    ...(performanceMode === PerformanceMode.MaxIO ? ["maxIO"] : []),
  ].join("-");
}
