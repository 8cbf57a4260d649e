import assert from "node:assert/strict";
import { Account } from "../../aws/account";
import { type AwsRecord, token } from "../../aws/records";
import { failure, type Service } from "../../aws/service";
import type { Properties } from "../../plugins/properties";

export const ACCOUNT = "111101013333";

export const record = (type: string, id: string, properties: Properties = {}, status = "ACTIVE"): AwsRecord => ({
  type: token(type),
  id,
  status,
  properties,
});

/** A request that an operation refuses in an account with these resources, and what is different where it is accepted. */
export interface Case {
  operation: string;
  request: AwsRecord;
  existing?: AwsRecord[];
  olds?: Properties;
  refused: RegExp;
  /** Default: the same request in an empty account. */
  accepted?: { request?: AwsRecord; existing?: AwsRecord[] };
}

const typeName = (type: string) => type.split(":")[1]!;

/** Tests a service's API errors: each case, and that there is one for each error of each operation. */
export function testApiErrors(name: string, service: Service, cases: Case[]): void {
  describe(`the API errors of ${name}`, () => {
    for (const { operation, request, existing = [], olds = {}, refused, accepted } of cases) {
      const others = [...new Set(existing.map(({ type }) => typeName(type)))].join(", ");
      it(`${operation}${others && ` beside ${others}`}: ${refused.source}`, () => {
        const answer = failure(service, [operation], { ...request, olds }, new Account(existing, ACCOUNT));
        assert.match(answer?.message ?? "nothing", refused);
        assert.match(answer!.message, /\nhttps:\/\/docs\.aws\.amazon\.com\//);
        const right = accepted?.request ?? request;
        const around = accepted?.existing ?? (accepted?.request ? existing : []);
        const before = { version: "1.35", ...olds, ...(accepted?.request && { version: "1.35" }) };
        const accepts = failure(service, [operation], { ...right, olds: before }, new Account(around, ACCOUNT));
        assert.equal(accepts?.message, undefined);
      });
    }

    it("are all tested", () => {
      const untested = Object.entries(service.errors).flatMap(([operation, errors]) =>
        errors
          .filter(({ when }) => !cases.some((it) => it.operation === operation && when(...requestOf(it))))
          .map(({ code, message }) => `${operation}: ${code}: ${String(message)}`),
      );
      assert.deepEqual(untested, []);
    });

    it("are all of operations that a resource or a command calls", () => {
      const called = Object.values(service.resources ?? {}).flatMap(({ calls = {}, activation }) => [
        ...Object.values(calls).flat(),
        ...(activation ? [activation.operation] : []),
      ]);
      const known = [...called, ...Object.keys(service.commands ?? {}), ...CALLED_OTHERWISE];
      assert.deepEqual(
        Object.keys(service.errors).filter((operation) => !known.includes(operation)),
        [],
      );
    });
  });
}

/** By a function of the provider, by a driver, and by `forceDestroy`. */
const CALLED_OTHERWISE = [
  ...["DescribeAccessPoints", "DescribeBackupVault", "DescribeCluster", "DescribeKey", "GetRole", "HeadBucket"],
  ...["ModifyVolume", "DeleteRecoveryPoint"],
];

const requestOf = ({ request, existing = [], olds = {} }: Case) =>
  [{ ...request, olds }, new Account(existing, ACCOUNT)] as const;
