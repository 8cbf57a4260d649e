import * as crypto from "node:crypto";

/** Eight hexadecimal digits that change when any of the parts does. */
export function shortHash(parts: (string | number)[]): string {
  return crypto.createHash("sha256").update(parts.join("\0")).digest("hex").slice(0, 8);
}
