import { inOrder } from "./order";
import type { PolicyFinding } from "./page";
import { isOfPath, plain } from "./text";

/** A resource in an event, before or after a step. */
interface EventState {
  type: string;
  custom?: boolean;
  delete?: boolean;
  id: string;
  parent: string;
  protect?: boolean;
  retainOnDelete?: boolean;
  inputs: Record<string, unknown>;
  outputs: Record<string, unknown>;
}

/** A step in an event; the engine writes `null` for what is empty. */
interface EventStep {
  op: string;
  urn: string;
  old?: EventState;
  new?: EventState;
  keys?: string[] | null;
  diffs?: string[] | null;
  detailedDiff?: Record<string, { diffKind: string; inputDiff: boolean }> | null;
}

/**
 * What is read of an event, as the Automation API hands it to `onEvent`: `EngineEvent` in sdk/go/common/apitype/events.go of
 * github.com/pulumi/pulumi. Its own types would load the SDK.
 */
export interface EngineEvent {
  resourcePreEvent?: { metadata: EventStep };
  resOutputsEvent?: { metadata: EventStep };
  diagnosticEvent?: { severity: string; message: string; ephemeral?: boolean };
  policyEvent?: { policyName: string; enforcementLevel: string; resourceUrn?: string; message: string };
  summaryEvent?: { resourceChanges: Partial<Record<string, number>> };
}

/** What an operation only looks at, and what it does, as the engine tells it. */
export const Told = {
  /** A preview tells what it would do when it begins with a resource. */
  Before: "before",
  /** A refresh knows what has changed when it has looked. */
  After: "after",
} as const;
export type Told = (typeof Told)[keyof typeof Told];

/** What an event leaves out is what isn't so. */
const stateOf = (state: EventState | undefined) => state && { ...state, custom: state.custom === true };

/** A step as `pulumi preview --json` prints it, which readPreview() reads. */
const stepOf = ({ op, urn, old, new: after, diffs, keys, detailedDiff }: EventStep) => ({
  ...{ op, urn, oldState: stateOf(old), newState: stateOf(after), diffReasons: diffs, replaceReasons: keys },
  detailedDiff: Object.fromEntries(
    Object.entries(detailedDiff ?? {}).map(([path, { diffKind: kind, inputDiff }]) => [path, { kind, inputDiff }]),
  ),
});
type PrintedStep = ReturnType<typeof stepOf>;

/** What the engine tells of a preview, or of a refresh that writes nothing. Pure but for what it collects. */
export class Recording {
  private readonly steps: PrintedStep[] = [];
  private readonly found = new Map<string, PolicyFinding>();
  private readonly failures = new Set<string>();
  private readonly said = { warning: new Set<string>(), info: new Set<string>() };
  private summary: Partial<Record<string, number>> | undefined;

  constructor(private readonly told: Told) {}

  readonly add = (event: EngineEvent): void => {
    const { resourcePreEvent, resOutputsEvent, diagnosticEvent, policyEvent, summaryEvent } = event;
    const step = this.told === Told.Before ? resourcePreEvent?.metadata : resOutputsEvent?.metadata;
    if (step) this.steps.push(stepOf(step));
    if (diagnosticEvent && !diagnosticEvent.ephemeral) {
      const { severity, message } = diagnosticEvent;
      if (severity === "error") this.failures.add(plain(message));
      if (severity === "warning" || severity === "info") this.said[severity].add(plain(message));
    }
    if (summaryEvent) this.summary = summaryEvent.resourceChanges;
    if (policyEvent) {
      const { policyName: policy, enforcementLevel, resourceUrn: urn, message } = policyEvent;
      // The engine calls the level warning that a pack calls advisory.
      const level = enforcementLevel === "mandatory" ? "mandatory" : "advisory";
      this.found.set(`${policy} ${urn} ${message}`, { policy, level, ...(urn && { urn }), message: plain(message) });
    }
  };

  /** What the policies say, each once. */
  get policies(): PolicyFinding[] {
    return [...this.found.values()];
  }

  /** What the program, the plugins and the engine say besides, each once: warnings first. */
  get notices(): string[] {
    // The order of events is that of a race.
    const [warnings, infos] = [this.said.warning, this.said.info].map((it) => [...it].sort(inOrder));
    return [...new Set([...warnings!, ...infos!])].filter((it) => it !== "" && !isOfPath(it));
  }

  /** Notes why it failed where the engine said nothing. */
  fail(why: string): void {
    this.failures.add(why);
  }

  /** Whether it came to its end: with a count of what it would do. */
  get isWhole(): boolean {
    return this.summary !== undefined;
  }

  /** Why it failed: what the engine and the program said, each once. */
  get errors(): string[] {
    return [...this.failures].filter((it) => it !== "");
  }

  /** All of it as `pulumi preview --json` prints it, without the errors. */
  digest(): { steps: PrintedStep[]; changeSummary: Partial<Record<string, number>> } {
    return { steps: this.steps, changeSummary: this.summary ?? {} };
  }
}
