import * as pulumi from "@pulumi/pulumi";
import type { InvokeResponse } from "@pulumi/pulumi/proto/provider_pb";
import { ResourceInvokeRequest } from "@pulumi/pulumi/proto/resource_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";

/** A resource that the stack has had since before this operation. */
export interface OwnResource {
  type: string;
  name: string;
  /** The type of the component that it is part of; undefined where it is part of none. */
  parentType?: string;
  outputs: Record<string, unknown>;
}

const READ = "pulumi:pulumi:readStackResourceOutputs";

/** By deployment, whose monitor there is one of: an operation sees the state from before it, however long it takes. */
const states = new WeakMap<object, Promise<OwnResource[]>>();

/**
 * The stack's own state as the last operation left it, a failed one too; empty for a new stack. What is to be deleted
 * after its replacement isn't among it. Must be asked for while the program runs, not in a callback.
 *
 * The engine answers it itself, from the checkpoint:
 * https://github.com/pulumi/pulumi/blob/v3.251.0/pkg/resource/deploy/builtins.go,
 * https://github.com/pulumi/pulumi/blob/v3.251.0/pkg/backend/backend.go (GetStackResourceOutputs)
 */
export function ownState(): Promise<OwnResource[]> {
  const monitor = pulumi.runtime.getMonitor() as object;
  const known = states.get(monitor);
  if (known) return known;
  const state = read();
  states.set(monitor, state);
  return state;
}

/**
 * Has a further connection to the same deployment share what the first one was told: a plugin has one for each component that it
 * makes, and what the engine answers later has this operation's own resources in it.
 */
export function shareOwnState(state: Promise<OwnResource[]>): void {
  states.set(pulumi.runtime.getMonitor() as object, state);
}

/** How often an engine is asked that is just writing the state which it is to read. */
const TRIES = 20;

async function read(tries = TRIES): Promise<OwnResource[]> {
  // A state in a file is empty for a moment.
  const answer = await askEngine(fullStackName()).catch((error: Error) => {
    if (tries === 1 || !error.message.includes("failed to load checkpoint")) throw error;
    return undefined;
  });
  if (answer === undefined) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    return read(tries - 1);
  }
  return Object.entries(answer.outputs ?? {}).map(([urn, resource]) => {
    // urn:pulumi:STACK::PROJECT::PARENT$TYPE::NAME, of which only the name may hold the marks
    const [, , types = "", ...name] = urn.split("::");
    const [type = "", parentType] = types.split("$").reverse();
    return { type, parentType, name: name.join("::"), outputs: { ...(resource as { outputs?: object }).outputs } };
  });
}

interface Monitor {
  invoke(request: ResourceInvokeRequest, callback: (error: Error | null, response: InvokeResponse) => void): unknown;
}

/**
 * Asked without the SDK's own call, which takes references to resources: the state holds some, of what a remote component
 * made, and the SDK would look each of them up among the resources of this operation, where they aren't yet.
 */
function askEngine(stackName: string): Promise<{ outputs?: Record<string, object> }> {
  const request = new ResourceInvokeRequest();
  request.setTok(READ);
  request.setArgs(Struct.fromJavaScript({ stackName }));
  request.setAcceptresources(false);
  const monitor = pulumi.runtime.getMonitor() as unknown as Monitor;
  return new Promise((resolve, reject) => {
    monitor.invoke(request, (error, response) => {
      if (error) reject(error);
      else resolve(response.getReturn()?.toJavaScript() ?? {});
    });
  });
}

/** With its organization and project, which every backend takes: the short name may be looked for elsewhere. */
function fullStackName(): string {
  const stack = pulumi.getStack();
  try {
    return [pulumi.getOrganization(), pulumi.getProject(), stack].join("/");
  } catch {
    // Under mocks there is none.
    return stack;
  }
}
