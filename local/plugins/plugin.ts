import type { Properties } from "./properties";

export interface CheckRequest {
  type: string;
  name: string;
  urn: string;
  olds: Properties | undefined;
  news: Properties;
}

export interface CheckFailure {
  property: string;
  reason: string;
}

export interface DiffRequest {
  type: string;
  id: string;
  urn: string;
  oldInputs: Properties;
  olds: Properties;
  news: Properties;
}

export interface DiffResult {
  /** Top-level properties that changed. None: nothing to do. */
  changed: string[];
  /** Those of them that can't be changed in place. */
  replaces: string[];
  deleteBeforeReplace?: boolean;
}

export interface ChangeRequest {
  type: string;
  urn: string;
  preview: boolean;
  /** Seconds of the resource's `customTimeouts`; 0: none given. */
  timeout: number;
}

/** A stand-in for a provider plugin; `serve` in server.ts speaks the engine's protocol for it. */
export interface Plugin {
  name: string;
  version: string;
  /** What its provider takes, with types as a schema has them: for languages that ask the plugin. Default: nothing. */
  configuration?: Record<string, "string" | "boolean">;
  checkConfig?(news: Properties): CheckFailure[];
  diffConfig?(olds: Properties, news: Properties): DiffResult;
  /** Nested values arrive as JSON strings, as the SDKs send a provider's configuration. */
  configure?(config: Properties): Promise<void>;
  check(request: CheckRequest): Promise<{ inputs: Properties; failures: CheckFailure[]; secrets?: string[] }>;
  diff(request: DiffRequest): Promise<DiffResult>;
  /** At preview, what only a real creation can tell is {@link UNKNOWN} and the id may be empty. */
  create(request: ChangeRequest & { news: Properties }): Promise<{ id: string; properties: Properties }>;
  /** Undefined: it is gone. */
  read(request: {
    type: string;
    id: string;
    urn: string;
    inputs: Properties;
    properties: Properties;
  }): Promise<{ id: string; inputs: Properties; properties: Properties; secrets?: string[] } | undefined>;
  update(
    request: ChangeRequest & {
      id: string;
      oldInputs: Properties;
      olds: Properties;
      news: Properties;
      /** The resource's option of that name: dotted paths. Their new inputs are the old ones. */
      ignoreChanges: string[];
    },
  ): Promise<Properties>;
  delete(request: Omit<ChangeRequest, "preview"> & { id: string; properties: Properties }): Promise<void>;
  invoke(token: string, args: Properties): Promise<Properties>;
}

/** Thrown by `create` or `update` when the resource exists but isn't well: the engine records it and reports the failure. */
export class InitializationFailed extends Error {
  constructor(
    readonly id: string,
    readonly properties: Properties,
    message: string,
  ) {
    super(message);
  }
}
