import { randomBytes } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import type { Properties } from "../plugins/properties";
import { cloudDirectory } from "../stack/directory";

/** One resource that exists in the local AWS. */
export interface AwsRecord {
  /** Pulumi's type token: {@link token}. */
  type: string;
  id: string;
  /** AWS's word for what takes time, such as `CREATING`, `ACTIVE`, `DEGRADED`; `ACTIVE` for all others. */
  status: string;
  /** Inputs and computed outputs, under Pulumi's names. */
  properties: Properties;
  /** When a file system's throughput mode was changed, or its provisioned throughput lowered: AWS counts the hours. */
  throughputChangedAt?: string;
  /** When a disk's changes began and were complete: EC2 counts them. */
  modifications?: { startTime: string; endTime: string }[];
  /** When a Pod Identity association was made: EKS's webhook knows it some seconds later. */
  createdAt?: string;
  /** A log group that a cluster writes to, or has written to: what it wrote last may come late. */
  isWritten?: true;
  /** The URN that it was created for: how recovery finds it after its engine was killed. Absent: no program did. */
  urn?: string;
}

/** `efs/fileSystem` -> `aws:efs/fileSystem:FileSystem` */
export function token(type: string): string {
  const name = type.split("/")[1] ?? "";
  return `aws:${type}:${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}

/** The type of an object in S3, which no program creates. */
export const OBJECT = token("s3/object");

/** Random hexadecimal digits; AWS's ids have 17. */
export const hex = (digits = 17) =>
  randomBytes(Math.ceil(digits / 2))
    .toString("hex")
    .slice(0, digits);

/** Where what exists is written down. */
export const recordsFile = (cloud: string) => path.join(cloud, "aws.json");

/** What exists now. */
export function readRecords(cloud = cloudDirectory()): AwsRecord[] {
  const file = recordsFile(cloud);
  return fs.existsSync(file) ? (JSON.parse(fs.readFileSync(file, "utf8")) as AwsRecord[]) : [];
}

/**
 * Changes the records under a lock that other processes respect, and returns what `change` returns. If it throws,
 * nothing is changed.
 */
export function changeRecords<T>(change: (records: AwsRecord[]) => T, cloud = cloudDirectory()): T {
  const file = recordsFile(cloud);
  const lock = `${file}.lock`;
  while (!acquire(lock)) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2);
  try {
    const records = readRecords(cloud);
    const result = change(records);
    const draft = `${file}.${process.pid}`;
    fs.writeFileSync(draft, JSON.stringify(records, undefined, 1));
    fs.renameSync(draft, file);
    return result;
  } finally {
    fs.rmSync(lock, { force: true });
  }
}

function acquire(lock: string): boolean {
  try {
    fs.writeFileSync(lock, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    dropIfAbandoned(lock);
    return false;
  }
}

/** A holder that was killed can't give its lock back. */
function dropIfAbandoned(lock: string): void {
  try {
    const holder = Number(fs.readFileSync(lock, "utf8"));
    if (holder > 0) process.kill(holder, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") fs.rmSync(lock, { force: true });
  }
}
