import type { Properties } from "../../local/plugins/properties";
import { build, completeInputs } from "../../local/plugins/aws/resource";
import type { ProviderConfig } from "../../local/aws/service";
import { type KnownType, typeOf } from "../../local/aws/services";
import { type ValidatedRequest, validateRequests, sentInputs, type Step } from "../../local/aws/validation";
import { type Registration, Secret } from "./registrations";

/** What a resource of AWS sends, judged by AWS's models. */
export interface Sent {
  name: string;
  step: Step;
  requests: ValidatedRequest[];
  /** Inputs that no request has a place for. */
  left: string[];
}

/** Everything that is sent for the resources of AWS, when they are made and when they are updated. */
export function sentBy(registrations: Registration[]): Sent[] {
  const providers = registrations.filter(({ type }) => type === "pulumi:providers:aws");
  return registrations
    .filter(({ type }) => type.startsWith("aws:"))
    .flatMap((it) => {
      const provider = providers.find(({ urn }) => urn === it.provider);
      return sentFor(typeOf(it.type), it, configOf(provider));
    });
}

function sentFor(type: KnownType, { name, inputs }: Registration, config: ProviderConfig): Sent[] {
  const completed = completeInputs(type, name, revealed(inputs) as Properties, undefined, config);
  const sent = sentInputs(type, completed, build(type, completed, config, []).properties);
  return (["create", "update"] as const).map((step) => ({ name, step, ...validateRequests(type, step, sent) }));
}

function configOf(provider: Registration | undefined): ProviderConfig {
  const given = revealed(provider?.inputs ?? {}) as Record<string, string | undefined>;
  const { tags = {} } = JSON.parse(given.defaultTags ?? "{}") as { tags?: Record<string, string> };
  return { accountId: "111101013333", region: given.region ?? "eu-west-1", defaultTags: tags };
}

/** With secrets as AWS gets them. */
function revealed(value: unknown): unknown {
  if (value instanceof Secret) return revealed(value.value);
  if (Array.isArray(value)) return value.map(revealed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, revealed(item)]));
}

/** How many texts, numbers and so on a request has. */
export const valuesIn = (value: unknown): number =>
  typeof value === "object" && value !== null
    ? Object.values(value).reduce((sum: number, item) => sum + valuesIn(item), 0)
    : 1;
