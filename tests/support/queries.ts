import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { run, type Registration, type RunOptions } from "./registrations";

/** What a program registers that must end well. */
export async function registered(program: () => unknown, options?: RunOptions): Promise<Registration[]> {
  const { registrations, error } = await run(program, options);
  if (error) throw error;
  return registrations;
}

/** The message of a program that must be refused before anything is registered, as a terminal shows it: no stack. */
export async function refused(program: () => unknown, options?: RunOptions): Promise<string> {
  const { registrations, error } = await run(program, options);
  assert.ok(error, "the program was accepted");
  assert.ok(pulumi.RunError.isInstance(error), error.stack);
  assert.deepEqual(
    registrations.filter(({ type }) => type !== "pulumi:pulumi:Stack").map(({ urn }) => urn),
    [],
  );
  return error.message;
}

/** Resources by the last part of their type, such as `MountTarget`, or by all of it where that is not enough. */
export function all(registrations: Registration[], type: string): Registration[] {
  return registrations.filter((it) => it.type === type || it.type.endsWith(`:${type}`));
}

/** The only resource of a type, or of a type and name. */
export function one(registrations: Registration[], type: string, name?: string): Registration {
  const found = all(registrations, type).filter((it) => name === undefined || it.name === name);
  assert.equal(found.length, 1, `${type} ${name ?? ""}: found ${found.map(({ urn }) => urn).join(", ") || "none"}`);
  return found[0]!;
}

/**
 * URNs of everything that must be there before a resource is made, and goes only after it: what it depends on, its
 * parent, its provider, and what those wait for.
 */
export function predecessors(registrations: Registration[], registration: Registration): Set<string> {
  const byUrn = new Map(registrations.map((it) => [it.urn, it]));
  const found = new Set<string>();
  const visit = (urn: string) => {
    const next = byUrn.get(urn);
    if (!next || found.has(urn)) return;
    found.add(urn);
    visitAll(next);
  };
  const visitAll = ({ dependencies, propertyDependencies, parent, provider, providers }: Registration) =>
    [
      ...dependencies,
      ...Object.values(propertyDependencies).flat(),
      parent,
      provider,
      ...Object.values(providers),
    ].forEach(visit);
  visitAll(registration);
  return found;
}

/** Asserts that each of the later resources waits for each of the earlier ones. */
export function assertOrder(registrations: Registration[], earlier: Registration[], later: Registration[]): void {
  assert.ok(earlier.length > 0 && later.length > 0, "an order between nothing");
  for (const follower of later) {
    const before = predecessors(registrations, follower);
    earlier.forEach(({ urn }) => assert.ok(before.has(urn), `${follower.urn} doesn't wait for ${urn}`));
  }
}
