import assert from "node:assert/strict";
import type { Registration } from "../support/registrations";

/** One property of the real program, broken. */
export interface Break {
  /** The rule that must notice. */
  rule: string;
  /** The resource's type, and its name where there are several. */
  type: string;
  name?: string;
  /** Where, in its inputs; a number is a place in a list. */
  path: string;
  value: unknown;
}

/** For every rule at least one. */
export const breaks: Break[] = [
  { rule: "efs-encrypted", type: "aws:efs/fileSystem:FileSystem", path: "encrypted", value: false },
];

/** What the program registers, but for one property of one resource. */
export function broken(registrations: Registration[], { type, name, path, value }: Break): Registration[] {
  const place = registrations.findIndex((it) => it.type === type && (name === undefined || it.name === name));
  assert.notEqual(place, -1, `no ${type} ${name ?? ""}`);
  const registration = registrations[place]!;
  const result = [...registrations];
  result[place] = { ...registration, inputs: changed(registration.inputs, path.split("."), value) };
  return result;
}

/** A copy with another value at a path; undefined leaves it out. */
export function changed(document: any, [key, ...rest]: string[], value: unknown): any {
  const copy = Array.isArray(document) ? [...document] : { ...document };
  const next = rest.length > 0 ? changed(copy[key!], rest, value) : value;
  if (next === undefined && !Array.isArray(copy)) delete copy[key!];
  else copy[key!] = next;
  return copy;
}
