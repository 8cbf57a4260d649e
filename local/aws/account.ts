import type { Properties } from "../plugins/plugin";
import { at } from "../plugins/aws/resource";
import { type AwsRecord, token } from "./records";
import { references } from "./services";

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);

/** What exists, and who deploys. */
export class Cloud {
  constructor(
    private readonly records: AwsRecord[],
    readonly account: string,
  ) {}

  all(type: string): AwsRecord[] {
    return this.records.filter((record) => record.type === token(type));
  }

  find(type: string, id: unknown): AwsRecord | undefined {
    return this.all(type).find((record) => record.id === id);
  }

  /** Things of these types that refer to this one. */
  users(type: string, id: string, userTypes: string): AwsRecord[] {
    return userTypes.split(" ").flatMap((userType) => {
      const paths = references(userType, type);
      return this.all(userType).filter((user) => paths.some((path) => list(at(user.properties, path)).includes(id)));
    });
  }

  /** The cluster that a node group, an add-on or an entry belongs to. */
  clusterOf({ properties }: { properties: Properties }): Properties {
    return this.find("eks/cluster", properties.clusterName)?.properties ?? {};
  }

  /** Things of this type in the same cluster. */
  beside(type: string, { properties }: { properties: Properties }): AwsRecord[] {
    return this.all(type).filter((other) => other.properties.clusterName === properties.clusterName);
  }

  /** The role that deploys: every cluster's creator. */
  get creator(): string {
    return `arn:aws:iam::${this.account}:role/local-deployer`;
  }
}
