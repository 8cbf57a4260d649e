import assert from "node:assert/strict";
import type { Inventory } from "../../../local/cli/inventory";
import { type AwsRecord, OBJECT } from "../../../local/aws/records";
import { existingOf, type ExistingResources } from "../../support/existing";
import { changes, expires, LocalStack, type Steps } from "../localStack";
import { ACCOUNT, ownersProgram, type OwnerOptions } from "./owner";

const OWNERS_ACCOUNT = `accountId=${ACCOUNT}`;

/** A configuration as the engine's tests take it. */
export const pairsOf = (configuration: Record<string, unknown>): string[] =>
  Object.entries(configuration).map(([key, it]) => `${key}=${typeof it === "string" ? it : JSON.stringify(it)}`);

/** dev, in an account where an owner has a VPC, file systems, a bucket and a key, perhaps a cluster too. */
export class StackOnExisting extends LocalStack {
  existingResources!: ExistingResources & { mountedFileSystemId: string; mountedFileSystemSecurityGroupId: string };
  /** All that there was before the stack. */
  had!: { aws: AwsRecord[]; kubernetes: Inventory["kubernetes"] };
  private owner!: LocalStack;

  constructor() {
    super("dev");
  }

  /** @param ownersProject Folder of the owner's project. Default: it is of these tests, as the options say. */
  async createExisting(options: OwnerOptions, ownersProject?: string): Promise<void> {
    await this.start();
    this.owner = this.neighbour("staging", ownersProject === undefined ? ownersProgram(options) : undefined);
    if (ownersProject !== undefined) this.owner.switchTo(ownersProject, true);
    this.owner.environment = this.environment;
    await this.owner.up(OWNERS_ACCOUNT);
    const outputs = Object.entries(await this.owner.outputsWithSecrets()).map(([key, { value }]) => [
      key,
      value as unknown,
    ]);
    this.existingResources = Object.fromEntries(outputs) as StackOnExisting["existingResources"];
    this.had = { aws: this.awsRecords(), kubernetes: (await this.inventory()).kubernetes };
  }

  get existing() {
    return existingOf(this.existingResources);
  }

  private isOwners({ type, id }: AwsRecord): boolean {
    return this.had.aws.some((it) => it.type === type && it.id === id);
  }

  /** No property of anything that was there has changed, and nothing of it is gone. */
  assertOwnersAsBefore(): void {
    assert.deepEqual(
      this.awsRecords().filter((record) => this.isOwners(record)),
      this.had.aws,
    );
  }

  /** What the stack has in AWS. */
  added(): AwsRecord[] {
    return this.awsRecords().filter((record) => !this.isOwners(record));
  }

  /** The types of what the stack has added to one of the owner's resources, which it names in a property. */
  addedTo(existingId: string): string[] {
    const added = this.added().filter(({ properties }) => Object.values(properties).includes(existingId));
    return [...new Set(added.map(({ type }) => type.split(":")[1]!))].sort();
  }

  objects(): AwsRecord[] {
    return this.awsRecords().filter(({ type }) => type === OBJECT);
  }

  /** Deploys what the preview shows, of which nothing is of the kinds that exist. */
  async deploysAsPreviewed(config: string[], notMade: RegExp[]): Promise<Steps> {
    // The eks plugin makes some of a cluster itself, and a preview can't ask it for all of that.
    const keys = (steps: Steps) => Object.keys(changes(steps)).filter((key) => !/ eks-storage-dev-eks/.test(key));
    const previewed = keys(await this.preview(...config));
    assertNotMade(previewed, notMade);
    const steps = await this.up(...config);
    const own = (of: string[]) => of.filter((key) => !key.startsWith("pulumi:providers:")).sort();
    assert.deepEqual(own(keys(steps)), own(previewed));
    assertNotMade(Object.keys(steps), notMade);
    this.assertOwnersAsBefore();
    return steps;
  }

  async leaves(config: string[]): Promise<void> {
    await this.destroy(...config);
    await this.assertAsBefore();
  }

  /** All is as it was before the stack, but for objects in the owner's bucket and the control plane's logs, which expire. */
  async assertAsBefore(): Promise<void> {
    assert.deepEqual(
      this.awsRecords().filter((record) => record.type !== OBJECT && (this.isOwners(record) || !expires(record))),
      this.had.aws,
    );
    assert.deepEqual((await this.inventory()).kubernetes, this.had.kubernetes);
  }

  /** The owner finds everything as it was made, takes it down, and nothing is left. */
  async ownerLeaves(): Promise<void> {
    assert.deepEqual(changes(await this.owner.preview(OWNERS_ACCOUNT)), {});
    await this.owner.destroy(OWNERS_ACCOUNT);
    assert.deepEqual(await this.leaked(), []);
  }
}

export function assertNotMade(keys: string[], notMade: RegExp[]): void {
  assert.deepEqual(
    keys.filter((key) => notMade.some((kind) => kind.test(key))),
    [],
  );
}
