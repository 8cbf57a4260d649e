import type { Properties } from "../plugins/properties";
import { ApiFailure } from "./apiErrors";
import { modelOf } from "./models/model";
import { explanation, type Violation, violations } from "./models/validate";
import { type AwsRequest, requestsOf } from "./requests";
import type { KnownType } from "./services";

/** When the provider sends something. */
export type Step = "create" | "update";

/** A resource's request, and what AWS's model doesn't allow in it. */
export interface ValidatedRequest extends AwsRequest {
  found: Violation[];
}

/** Inputs as they are sent: with the id, and with the name that the provider makes out of a prefix. */
export function sentInputs({ named }: KnownType, inputs: Properties, { id, ...properties }: Properties): Properties {
  if (!named) return { ...inputs, id };
  return { ...inputs, [named]: properties[named], [`${named}Prefix`]: undefined, id };
}

/** Holds what the provider sends for a resource against AWS's models, and names the inputs that have no place in it. */
export function validateRequests(
  type: KnownType,
  step: Step,
  inputs: Properties,
): { requests: ValidatedRequest[]; left: string[] } {
  const { calls = {}, name, service, serviceName } = type;
  const operations = calls[step] ?? calls.create ?? [];
  const members = service.members?.[name] ?? {};
  const model = modelOf(serviceName);
  const { requests, left } = requestsOf(model, operations, members, inputs);
  return { requests: requests.map((it) => ({ ...it, found: violations(model, it.operation, it.request) })), left };
}

/**
 * @throws ApiFailure with AWS's words. What the tables of the requests don't know isn't refused: AWS may well have it.
 */
export function refuseInvalid(type: KnownType, step: Step, inputs: Properties): void {
  const { code = "ValidationException", words } = type.service.refusal ?? {};
  for (const { operation, found } of validateRequests(type, step, inputs).requests) {
    const isMapped = found.every(({ kind }) => kind !== "unknown");
    const [first, ...others] = found.filter(
      ({ kind }) => !["unknown", "type"].includes(kind) && (isMapped || kind !== "required"),
    );
    if (!first) continue;
    const answer = words?.([first, ...others]) ?? { explanation: explanation([first, ...others]) };
    throw new ApiFailure(operation, answer.code ?? code, answer.explanation, type.service.page(operation));
  }
}
