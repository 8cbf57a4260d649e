import { valueAt, type Properties } from "../plugins/properties";
import { type AwsRecord, changeRecords, readRecords, token } from "./records";

/** What exists in the local AWS account, as the plugin, the `aws` CLI and the nodes all look it up. */
export class Account {
  constructor(
    /** In the order of their creation. */
    readonly records: AwsRecord[],
    readonly id = process.env.EKS_STORAGE_ACCOUNT ?? "",
  ) {}

  /** @param type such as `efs/fileSystem`. */
  all(type: string): AwsRecord[] {
    return this.records.filter((record) => record.type === token(type));
  }

  find(type: string, id: unknown): AwsRecord | undefined {
    return this.all(type).find((record) => record.id === id);
  }

  /** Those of a type that have a value at a dotted path, alone or in a list. */
  where(type: string, path: string, value: unknown): AwsRecord[] {
    if (value === undefined) return [];
    return this.all(type).filter(({ properties }) => [valueAt(properties, path)].flat().includes(value));
  }

  add(type: string, id: string, properties: Properties, status = "ACTIVE"): AwsRecord {
    const record = { type: token(type), id, status, properties };
    this.records.push(record);
    return record;
  }

  remove(record: AwsRecord | undefined): void {
    const index = record ? this.records.indexOf(record) : -1;
    if (index >= 0) this.records.splice(index, 1);
  }
}

export const readAccount = () => new Account(readRecords());

/** Changes what exists; if it throws, nothing is changed. */
export const changeAccount = <T>(change: (account: Account) => T) =>
  changeRecords((records) => change(new Account(records)));
