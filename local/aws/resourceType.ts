import type { Properties } from "../plugins/properties";
import type { Account } from "./account";
import type { AwsRecord } from "./records";

/** A new resource, as far as it is known: what its id and its computed outputs are computed from. */
export interface NewResource {
  id: string;
  properties: Properties;
  region: string;
  account: Account;
}

/**
 * A value that AWS fills in where the program gives none: a template (`{id}`, `{region}`, `{account}`, `{hex}` for 17
 * random digits, `{uuid}`, `{now}`, or a property in braces), another constant, or a function.
 */
export type Computed = string | number | boolean | object | ((resource: NewResource) => unknown);

/** What AWS does besides what it was asked for. */
export interface SideEffects {
  created?(record: AwsRecord, account: Account): void;
  /** What the resource has after an update, of which the engine's state may know less. */
  updated?(record: AwsRecord, olds: Properties, news: Properties): Properties;
  /** Before a deletion is asked for: what `forceDestroy` does. */
  beforeDelete?(record: AwsRecord, account: Account): void;
  /** What goes on while it is deleted. */
  deleting?(record: AwsRecord, timeoutInSeconds: number): Promise<void>;
  deleted?(record: AwsRecord, account: Account): void;
}

/** How a resource becomes active that isn't at once. */
export interface Activation<Operation extends string = string> {
  /** The operation in whose answer AWS tells what is wrong with it. */
  operation: Operation;
  /** Its status when it doesn't become active. */
  failedStatus: string;
  /** What is still to be done once nothing is wrong with it. */
  complete?: (properties: Properties, timeoutInSeconds: number) => Promise<void>;
}

/** How one type of resource behaves. Lists are written as words. */
export interface ResourceType<Operation extends string = string> {
  id: Computed;
  /** Paths of what can't be changed in place, as the AWS provider's ForceNew says; `*`: all but tags. */
  replaces?: string;
  /** The property that is named after the Pulumi resource if it isn't given. */
  named?: string;
  /** What a program may give, by path: the provider checks it before AWS does. */
  allowedValues?: Record<string, string[]>;
  /** How many characters a program may give, by path: this, too, the provider checks before AWS does. */
  longest?: Record<string, number>;
  /** Its replacement can't exist at the same time. */
  deleteBeforeReplace?: true;
  untagged?: true;
  /** Inputs that are secret by the provider's schema: it marks them itself (pulumi-terraform-bridge, MarkSchemaSecrets). */
  secrets?: string[];
  /** AWS puts it: a second one takes the first one's place. */
  overwrites?: true;
  /** It has no region. */
  global?: true;
  /** By path. */
  computed?: Record<string, Computed>;
  /** Outputs that every update changes, unless of tags alone. */
  recomputed?: Record<string, (olds: Properties, news: Properties) => unknown>;
  /** The operations that the provider calls, as far as they can fail here. An update without any is checked as a create. */
  calls?: { create?: string[]; update?: string[]; delete?: Operation[] };
  sideEffects?: SideEffects;
  activation?: Activation<Operation>;
}

export type ResourceTypes<Operation extends string = string> = Record<string, ResourceType<Operation>>;

/** A template for an ARN in the resource's region and account. */
export const arn = (service: string, resource: string) => `arn:aws:${service}:{region}:{account}:${resource}`;

/** The properties of the resource whose id a property holds; none when it doesn't exist. */
export const referred = ({ properties, account }: NewResource, type: string, property: string): Properties =>
  account.find(type, properties[property])?.properties ?? {};
