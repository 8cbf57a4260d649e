import { createHash, randomBytes } from "node:crypto";

/** A file's content, like no other: lines of letters and digits, which every shell takes as they are. */
export const newContent = (): string =>
  Array.from({ length: 16 }, () => `${randomBytes(31).toString("hex")}\n`).join("");

/** As sha256sum prints it, as far as a person compares it. */
export const checksumOf = (content: string | Buffer): string =>
  `sha256 ${createHash("sha256").update(content).digest("hex").slice(0, 12)}`;
