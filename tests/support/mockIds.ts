import { createHash } from "node:crypto";
import { token } from "../../local/aws/records";
import { type KnownType, typeOf } from "../../local/aws/services";

const ACCOUNT = "111101013333";
const REGION = "eu-west-1";

/** What a resource of AWS is made of, as far as its id and its ARN go. */
export interface Mocked {
  type: string;
  name: string;
  inputs: Record<string, unknown>;
}

/** Digits that are always the same for a resource, and hardly ever those of another. */
const digits = ({ type, name }: Pick<Mocked, "type" | "name">) =>
  createHash("sha256").update(`${type} ${name}`).digest("hex");

const uuid = (hex: string) => hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, "$1-$2-$3-$4-$5");

/** The name that the provider makes up where the program gives none. */
export const mockName = (name: string) => `${name}-1a2b3c4`;

function fill(template: unknown, id: string, { type, name, inputs }: Mocked): string | undefined {
  if (typeof template !== "string") return undefined;
  const hex = digits({ type, name });
  const values: Record<string, unknown> = {
    ...{ name: mockName(name), region: REGION, path: "/", ...inputs },
    ...{ id, account: ACCOUNT, hex: hex.slice(0, 17), uuid: uuid(hex) },
  };
  return template.replaceAll(/\{(\w+)\}/g, (_, key: string) => String(values[key]));
}

/** Also what the stand-in doesn't know has an id under the mocks. */
function knownType(type: string): KnownType | undefined {
  try {
    return typeOf(type);
  } catch {
    return undefined;
  }
}

/** An id of AWS's form, such as fs-0123456789abcdef0; the stand-in for AWS knows the form of each type. */
export const mockId = (resource: Mocked): string =>
  fill(knownType(resource.type)?.id, "", resource) ?? `${resource.name}-id`;

/** The ARN of a resource that has one. */
export const mockArn = (resource: Mocked, id: string): string | undefined =>
  fill(knownType(resource.type)?.computed?.arn, id, resource);

const mocked = (type: string, name: string, region = REGION): Mocked => {
  return { type: token(type), name, inputs: { region } };
};

/** The id of a resource. @param type such as `efs/fileSystem`. */
export const idOf = (type: string, name: string): string => mockId(mocked(type, name));

export const arnOf = (type: string, name: string, region?: string): string =>
  mockArn(mocked(type, name, region), idOf(type, name))!;
