import * as pulumi from "@pulumi/pulumi";

type Properties = Record<string, unknown>;

/** What an output is inside; every copy of the SDK has it, its types leave it out. */
interface Inside {
  isKnown: Promise<boolean>;
  isSecret: Promise<boolean>;
  promise(withUnknowns: boolean): Promise<unknown>;
  allResources(): Promise<Set<pulumi.Resource & { urn: pulumi.Output<string> }>>;
}

const { specialSigKey, specialOutputValueSig } = pulumi.runtime;

const insideOf = (value: unknown): Inside | undefined =>
  pulumi.Output.isInstance(value) ? (value as unknown as Inside) : undefined;

const mapped = async (properties: object, map: (value: unknown) => Promise<unknown>): Promise<Properties> =>
  Object.fromEntries(
    await Promise.all(
      Object.entries(properties).map(async ([name, value]): Promise<[string, unknown]> => [name, await map(value)]),
    ),
  );

/** The values of the properties that a transform is given: those that aren't known yet as `pulumi.unknown`. */
export function valuesOf(properties: object): Promise<Properties> {
  return mapped(properties, async (value) => {
    const inside = insideOf(value);
    if (!inside) return value;
    return (await inside.isKnown) ? inside.promise(true) : pulumi.unknown;
  });
}

/**
 * The properties that a transform is given, such that the engine gets them back as they were. Of outputs the SDK would
 * hand back the values alone, and which property comes from which resource would be lost: policies, and replacements
 * that delete first, go by that. So they have the form that they have on the wire.
 * https://github.com/pulumi/pulumi/blob/v3.251.0/sdk/nodejs/runtime/callbacks.ts (serializeProperties), rpc.ts
 */
export function asGiven(properties: object): Promise<Properties> {
  return mapped(properties, onTheWire);
}

async function onTheWire(value: unknown): Promise<unknown> {
  if (Array.isArray(value)) return Promise.all(value.map(onTheWire));
  const inside = insideOf(value);
  if (inside) {
    const [isKnown, secret, resources] = await Promise.all([inside.isKnown, inside.isSecret, inside.allResources()]);
    const urns = await Promise.all([...resources].map(({ urn }) => (urn as unknown as Inside).promise(false)));
    return {
      [specialSigKey]: specialOutputValueSig,
      ...(isKnown ? { value: await onTheWire(await inside.promise(true)) } : {}),
      ...(secret ? { secret } : {}),
      ...(urns.length > 0 ? { dependencies: urns } : {}),
    };
  }
  const isPlain = typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
  return isPlain ? mapped(value, onTheWire) : value;
}
