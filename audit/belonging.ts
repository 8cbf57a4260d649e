import { counted } from "../changes/text";
import { type Finding, type Kind, Owner, type Whose } from "./findings";
import { clusterTag, driverTag, isTagged, type Scope, signOf, type Tags } from "./scope";

/** How many of those that are passed over a remark names. */
const MOST_NAMED = 10;

/** What is known so far of whose is what. */
export class Belonging {
  /** Ids and names of what is the stack's, a driver's of the stack, or kept. */
  readonly ours = new Set<string>();
  readonly findings: Finding[] = [];
  /** What a network interface is a part of, where AWS says so of that: NAT gateways by interfaces. */
  readonly partOf = new Map<string, string>();
  /** Ids of what has the stack's tags and no other sign of it, where others have these tags, too. */
  private readonly alike = new Set<string>();

  /**
   * @param kept what `retention` keeps, as the stack's record has it: configuration keys by id or name.
   */
  constructor(
    readonly scope: Scope,
    readonly kept: ReadonlyMap<string, string>,
  ) {}

  /**
   * Whose a resource is by its tags and its id; undefined where these don't say that it has to do with the stack.
   *
   * @param description of a key, where it may tell.
   */
  byTags(id: string, tags: Tags, description?: string): Whose | undefined {
    const key = this.kept.get(id);
    if (key !== undefined) return { owner: Owner.Kept, because: `recorded as ${key}` };
    const isTaggedOurs = isTagged(this.scope, tags);
    const sign = this.scope.sharesTags ? signOf(this.scope, tags, description) : undefined;
    const isOurs = isTaggedOurs && (sign !== undefined || !this.scope.sharesTags);
    const ofCluster = clusterTag(this.scope, tags);
    const driver = driverTag(tags);
    // The EBS driver gives its disks the stack's tags, too, as it is told.
    if (ofCluster !== undefined) return { owner: Owner.Driver, because: `tag ${ofCluster}` };
    if (isOurs && driver !== undefined) return { owner: Owner.Driver, because: `tag ${driver}` };
    const told = [...Object.keys(this.scope.tags), ...(sign === undefined ? [] : [sign])];
    if (isOurs) return { owner: Owner.Stack, because: `tags ${told.join(", ")}` };
    if (isTaggedOurs) this.alike.add(id);
    return undefined;
  }

  /** What is passed over although it has the stack's tags, and why. */
  remarks(): string[] {
    const passed = [...this.alike].filter((id) => !this.ours.has(id));
    if (passed.length === 0) return [];
    const { stack, name, tags } = this.scope;
    const more = passed.length > MOST_NAMED ? `, and ${passed.length - MOST_NAMED} more` : "";
    return [
      `Passed over: ${counted(passed.length, "resource")} with the tags ${Object.keys(tags).join(", ")} and no name of ` +
        `${name}'s. Others may have these tags, since Pulumi.${stack}.yaml sets project or environment: ` +
        `${passed.slice(0, MOST_NAMED).join(", ")}${more}.`,
    ];
  }

  /** Notes what is there. */
  add(finding: Omit<Finding, "isGoing"> & { isGoing?: boolean }): void {
    this.ours.add(finding.id);
    this.findings.push({ isGoing: false, ...finding });
  }

  /** Whether an id is of what was found, or is kept. */
  isOurs(id: string | undefined): id is string {
    return id !== undefined && (this.ours.has(id) || this.kept.has(id));
  }

  /** The ids of a kind that were found in a region. */
  idsOf(kind: Kind, region: string): string[] {
    return this.findings.filter((it) => it.kind === kind && it.region === region).map(({ id }) => id);
  }
}

/** AWS's lists of tags as a record. */
export const tagsOf = (list: { Key?: string | undefined; Value?: string | undefined }[] | undefined): Tags =>
  Object.fromEntries((list ?? []).map(({ Key = "", Value = "" }) => [Key, Value]));

/** Facts in one line; those that AWS leaves out are left out. */
export const detailOf = (...facts: (string | false | undefined)[]): string => facts.filter(Boolean).join(", ");

/** A day in UTC. */
export const day = (date: Date | undefined): string | undefined => date?.toISOString().slice(0, 10);

const UNITS = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

/** Bytes with a unit, such as "1.5 GiB". */
export function size(bytes: number | undefined): string | undefined {
  if (bytes === undefined) return undefined;
  const power = Math.min(Math.floor(Math.log2(Math.max(bytes, 1)) / 10), UNITS.length - 1);
  return `${Number((bytes / 1024 ** power).toFixed(1))} ${UNITS[power]!}`;
}
