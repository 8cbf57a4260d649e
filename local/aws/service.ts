import type { Properties } from "../plugins/properties";
import type { Account } from "./account";
import { type ApiErrors, ApiFailure, type ApiRequest, explain } from "./apiErrors";
import type { Command } from "./cli/command";
import type { Refusal } from "./refusal";
import type { Members } from "./requests";
import type { ResourceTypes } from "./resourceType";

/** The AWS provider's configuration. */
export interface ProviderConfig {
  accountId: string;
  region: string;
  defaultTags: Record<string, string>;
  /** ARN of the role that it assumes. */
  assumedRole?: string;
}

/** A function of the AWS provider, which reads. */
export type ProviderFunction = (args: Properties, config: ProviderConfig, account: Account) => Properties;

/** One of AWS's services, as much of it as this program uses. */
export interface Service<Operation extends string = string> {
  /** AWS's page about an operation or its errors. */
  page: (operation: string) => string;
  /** What each operation refuses. */
  errors: ApiErrors<Operation>;
  /** By type, such as `efs/fileSystem`. */
  resources?: ResourceTypes<Operation>;
  /** Where a type's inputs go in the requests, by type. */
  members?: Record<string, Members>;
  /** How it refuses a request that its model doesn't allow. */
  refusal?: Refusal;
  /** Commands of the `aws` CLI, by operation: `StartBackupJob` is `aws backup start-backup-job`. */
  commands?: Record<string, Command>;
  /** By the token's middle part, such as `eks/getCluster`. */
  functions?: Record<string, ProviderFunction>;
}

/** Declares a service; the compiler checks that the operations its resources call are known. */
export const defineService = <Operation extends string>(service: Service<Operation>): Service => service;

type Api = Pick<Service, "errors" | "page">;

/** What AWS answers to a request if it refuses it. */
export function failure(
  { errors, page }: Api,
  operations: string[],
  request: ApiRequest,
  account: Account,
): ApiFailure | undefined {
  for (const operation of operations) {
    const error = errors[operation]?.find(({ when }) => when(request, account));
    if (error)
      return new ApiFailure(operation, error.code, explain(error, request, account), error.page ?? page(operation));
  }
  return undefined;
}

/** @throws ApiFailure if one of the operations refuses the request. */
export function call(api: Api, operations: string[], request: ApiRequest, account: Account): void {
  const refused = failure(api, operations, request, account);
  if (refused) throw refused;
}
