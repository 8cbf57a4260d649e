import { backup } from "./backup";
import { cloudwatch } from "./cloudwatch";
import { ec2 } from "./ec2";
import { efs } from "./efs";
import { eks } from "./eks";
import { iam } from "./iam";
import { kms } from "./kms";
import { logs } from "./logs";
import { token } from "./records";
import type { ResourceType } from "./resourceType";
import { s3 } from "./s3";
import type { ProviderFunction, Service } from "./service";
import { ssm } from "./ssm";
import { sts } from "./sts";

export const services: Record<string, Service> = { backup, cloudwatch, ec2, efs, eks, iam, kms, logs, s3, ssm, sts };

/** A type of resource, its name and its service. */
export interface KnownType extends ResourceType {
  /** Such as `efs/fileSystem`. */
  name: string;
  /** Such as `efs`. */
  serviceName: string;
  service: Service;
}

const types = new Map(
  Object.entries(services).flatMap(([serviceName, service]) =>
    Object.entries(service.resources ?? {}).map(([name, type]): [string, KnownType] => [
      token(name),
      { ...type, name, serviceName, service },
    ]),
  ),
);

/** @throws when the stand-in doesn't know the type, naming where to add it. */
export function typeOf(typeToken: string): KnownType {
  const type = types.get(typeToken);
  if (type) return type;
  const known = [...types.values()].map(({ name }) => name).sort();
  throw new Error(
    `The stand-in for AWS doesn't know the resource type ${typeToken}.\n` +
      `Add it to its service's resources.ts in local/aws/, or install the real aws plugin. Known: ${known.join(", ")}.`,
  );
}

/** @throws when the stand-in doesn't know the function, naming where to add it. */
export function functionOf(functionToken: string): ProviderFunction {
  const name = functionToken.split(":")[1] ?? "";
  const found = Object.values(services).find(({ functions }) => functions?.[name])?.functions?.[name];
  if (found) return found;
  throw new Error(
    `The stand-in for AWS doesn't know the function ${functionToken}.\n` +
      "Add it to its service's functions.ts in local/aws/, or install the real aws plugin.",
  );
}
