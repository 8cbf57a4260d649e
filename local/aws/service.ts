import type { Properties } from "../plugins/plugin";
import { type AwsRecord, token } from "./records";

/** What an id or a computed output is made from. */
export interface Made {
  id: string;
  properties: Properties;
  account: string;
  region: string;
  records: AwsRecord[];
}

/**
 * A value that AWS fills in where the program gives none: a template (`{id}`, `{region}`, `{account}`, `{hex}` for 17
 * random digits, `{uuid}`, `{now}`, or a property in braces), another constant, or a function.
 */
export type Computed = string | number | boolean | object | ((made: Made) => unknown);

/** How one type of resource behaves. Lists are written as words. */
export interface ResourceType {
  id: Computed;
  /** Paths of what can't be changed in place, as the AWS provider's ForceNew says; `*`: all but tags. */
  replaces?: string;
  /** The property that is named after the Pulumi resource if it isn't given. */
  named?: string;
  /** What a program may give, by path: the provider checks it before AWS does. */
  takes?: Record<string, string[]>;
  /** Its replacement can't stand beside it. */
  deletedFirst?: true;
  untagged?: true;
  /** AWS puts it: a second one takes the first one's place. */
  overwrites?: true;
  /** It has no region. */
  global?: true;
  /** There can't be two with the same values of these. */
  unique?: string;
  /** `path:type` of each property that holds an id of another thing, or a list of ids. */
  refersTo?: string;
  /** By path. */
  computed?: Record<string, Computed>;
  /** Outputs that every update changes, unless of tags alone. */
  recomputed?: Record<string, (olds: Properties, news: Properties) => unknown>;
}

export type ResourceTypes = Record<string, ResourceType>;

/** A template for an ARN in the stand-in's region and account. */
export const arn = (service: string, resource: string) => `arn:aws:${service}:{region}:{account}:${resource}`;

/** The properties of the thing whose id this property holds; none when it doesn't exist. */
export const referred = ({ properties, records }: Made, type: string, property: string): Properties =>
  records.find((record) => record.type === token(type) && record.id === properties[property])?.properties ?? {};
