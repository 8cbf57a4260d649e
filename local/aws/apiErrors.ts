import { isDeepStrictEqual } from "node:util";
import { type Properties, valueAt } from "../plugins/properties";
import type { Account } from "./account";

/** What is asked of AWS: a resource, as it is to be. */
export interface ApiRequest {
  id: string;
  properties: Properties;
  /** As it was before an update. */
  olds: Properties;
}

/** One way in which an operation fails. */
export interface ApiError {
  /** AWS's name of the error. */
  code: string;
  /** AWS's words; `{id}` and `{path.of.a.property}` stand for the request's values. */
  message: string | ((request: ApiRequest, account: Account) => string);
  /** Where AWS documents it, if not on the page of the operation. */
  page?: string;
  when: (request: ApiRequest, account: Account) => boolean;
}

/** By operation, in the order in which they are looked for. */
export type ApiErrors<Operation extends string = string> = Record<Operation, ApiError[]>;

/** AWS's answer to a request that it refuses. */
export class ApiFailure extends Error {
  constructor(
    readonly operation: string,
    readonly code: string,
    readonly explanation: string,
    readonly page: string,
  ) {
    super(`${code}: ${explanation}\n${page}`);
  }
}

/** Whether an operation would fail. */
export const fails = (errors: ApiError[], request: ApiRequest, account: Account) =>
  errors.some((error) => error.when(request, account));

/** AWS's words with the request's values. */
export function explain({ message }: ApiError, request: ApiRequest, account: Account): string {
  if (typeof message === "function") return message(request, account);
  const values = { ...request.properties, id: request.id };
  return message.replaceAll(/\{([\w.-]+)\}/g, (_, path: string) => String(valueAt(values, path)));
}

/** A resource of a type refers to the request's, by the id at a path of its properties. */
export const isReferredTo =
  (type: string, path: string): ApiError["when"] =>
  ({ id }, account) =>
    account.where(type, path, id).length > 0;

/** One error for each type that may refer to the resource, so that each has its test. */
export const inUse = (error: Omit<ApiError, "when">, references: [type: string, path: string][]): ApiError[] =>
  references.map(([type, path]) => ({ ...error, when: isReferredTo(type, path) }));

/** There is a resource of the type with the same values in the same region. */
export const exists =
  (type: string, ...unique: string[]): ApiError["when"] =>
  ({ properties }, account) => {
    const valuesOf = (of: Properties) => ["region", ...unique].map((property) => of[property]);
    return account.all(type).some((other) => isDeepStrictEqual(valuesOf(other.properties), valuesOf(properties)));
  };
