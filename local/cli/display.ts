import type { EngineEvent, StepEventMetadata } from "@pulumi/pulumi/automation";
import { createSpinner } from "nanospinner";
import { isOfPath, plain } from "../../changes/text";
import { duration, fit, interactive } from "./terminal";

/** Steps that are shown; the others change nothing. */
const SIGNS: Record<string, string> = {
  create: "+",
  update: "~",
  delete: "-",
  replace: "±",
  "create-replacement": "±",
  "delete-replaced": "±",
  read: "<",
  import: "=",
};

type Diagnostic = NonNullable<EngineEvent["diagnosticEvent"]>;

const nameOf = (urn = "") => urn.split("::").pop()!;

/** A type as Pulumi's own display has it: `aws:efs:FileSystem` for `aws:efs/fileSystem:FileSystem`. */
const shortType = (type: string) =>
  type.replace(/\/(\w+):(\w+)$/, (all, module: string, name: string) =>
    module.toLowerCase() === name.toLowerCase() ? `:${name}` : all,
  );

const isKept = ({ op, old }: StepEventMetadata) =>
  (op === "delete" || op === "delete-replaced") && Boolean(old?.retainOnDelete);

/** Whether a step is of what consists of others, as a component or the stack does: it takes as long as they do. */
const isWhole = ({ old, new: now }: StepEventMetadata) => (now ?? old)?.custom === false;

/** One line for a step: `+ create aws:efs:FileSystem files`, for an update with what differs. */
export function stepLine(step: StepEventMetadata): string | undefined {
  const { op, type, urn, diffs } = step;
  const what = `${shortType(type)} ${nameOf(urn)}`;
  if (isKept(step)) return `= keep ${what}`;
  const sign = SIGNS[op];
  return sign && `${sign} ${op} ${what}${diffs?.length ? ` [${diffs.join(", ")}]` : ""}`;
}

/** Shows an operation as it goes: a line for each change and message, and below them what is being worked on. */
export class Display {
  private readonly running = new Map<string, { what: string; since: number; isWhole: boolean }>();
  private readonly spinner = interactive() ? createSpinner("", { stream: process.stderr }) : undefined;
  private readonly timer = setInterval(() => this.redraw(), 250);
  private readonly complaints = new Set<string>();
  /** Whether it has told of an error. */
  failed = false;
  /** How many resources were left where they are, which the state had. */
  kept = 0;
  /** What an operation that fails is said to have changed: not in a preview, nor that the state has the stack itself. */
  private readonly changed: Record<string, number> = {};
  /** Whether the engine has told how it ended; one that was killed has not. */
  ended = false;
  /** Whether the engine has heard that it is to stop. */
  cancelling = false;
  /** Everything that the engine and the program said. */
  messages = "";
  /** What is shown of a message: locally without what is done otherwise there. */
  edited = (message: string): string => message;

  /** @param write where its lines go: not to the output of a command that prints something else there. */
  constructor(private readonly write: (line: string) => void = console.log) {}

  readonly event = (event: EngineEvent): void => {
    const { resourcePreEvent, resOutputsEvent, resOpFailedEvent, diagnosticEvent, stdoutEvent, summaryEvent } = event;
    if (event.policyEvent) this.violated(event.policyEvent);
    if (resourcePreEvent) {
      const { planning, metadata } = resourcePreEvent;
      const line = stepLine(metadata);
      if (line && planning) this.print(line);
      else if (line)
        this.running.set(metadata.urn, { what: nameOf(metadata.urn), since: Date.now(), isWhole: isWhole(metadata) });
    }
    const finished = resOutputsEvent?.metadata;
    if (finished && isKept(finished)) this.kept += 1;
    if (finished && !resOutputsEvent.planning) this.finished(finished);
    if (resOpFailedEvent)
      this.done(
        `! failed: ${resOpFailedEvent.metadata.op} ${nameOf(resOpFailedEvent.metadata.urn)}`,
        resOpFailedEvent.metadata,
      );
    if (diagnosticEvent) this.said(diagnosticEvent);
    if (stdoutEvent) {
      this.cancelling ||= stdoutEvent.message.includes("received; cancelling");
      this.print(plain(stdoutEvent.message));
    }
    if (summaryEvent) this.summed(summaryEvent.resourceChanges, summaryEvent.durationSeconds);
  };

  /** What the engine writes to stderr, unless it has said the same before. */
  readonly complaint = (text: string): void => {
    for (const line of text.split("\n").map((line) => line.replace(/^error: /, "").trim())) {
      if (line && !isOfPath(line) && !this.messages.includes(line))
        this.said({ severity: "error", message: line } as Diagnostic);
    }
  };

  /** What isn't the engine's to say: what has become of its cloud. */
  readonly tell = (text: string): void => this.print(`! ${text}`);

  private summed(changes: Partial<Record<string, number>>, seconds: number): void {
    this.ended = true;
    this.print(this.failed ? failure(this.changed, seconds) : summary(changes, seconds, this.kept));
  }

  end(): void {
    clearInterval(this.timer);
    this.spinner?.clear().stop();
  }

  private finished(step: StepEventMetadata): void {
    const line = stepLine(step);
    const op = isKept(step) ? "keep" : step.op;
    if (line && step.type !== "pulumi:pulumi:Stack") this.changed[op] = (this.changed[op] ?? 0) + 1;
    this.done(line, step);
  }

  private done(line: string | undefined, { urn }: StepEventMetadata): void {
    const took = Date.now() - (this.running.get(urn)?.since ?? Date.now());
    this.running.delete(urn);
    if (line) this.print(took < 1000 ? line : `${line} (${duration(took)})`);
  }

  private said({ severity, message, urn, ephemeral }: Diagnostic): void {
    const text = this.edited(plain(message));
    const isError = severity.startsWith("error");
    this.failed ||= isError;
    // The engine hands on an error of the program twice.
    if (isError && this.complaints.size === this.complaints.add(text).size) return;
    this.messages += `${text}\n`;
    const running = this.running.get(urn ?? "");
    if (running && ephemeral) running.what = `${nameOf(urn)}: ${text}`;
    if (!text || ephemeral || (severity as string) === "debug" || isOfPath(text)) return;
    this.print(`${severity.startsWith("info") ? " " : "!"} ${urn ? `${nameOf(urn)}: ` : ""}${text}`);
  }

  private violated({
    resourceUrn,
    policyName,
    enforcementLevel,
    message,
  }: NonNullable<EngineEvent["policyEvent"]>): void {
    this.print(
      `${enforcementLevel === "mandatory" ? "!" : " "} ${policyName}: ${nameOf(resourceUrn)}: ${plain(message)}`,
    );
  }

  private print(line: string): void {
    this.spinner?.clear();
    this.write(line);
  }

  private redraw(): void {
    const [oldest, ...others] = [...this.running.values()].filter((it) => !it.isWhole);
    const more = others.length ? ` and ${others.length} more` : "";
    const text = oldest ? `${oldest.what} (${duration(Date.now() - oldest.since)})${more}` : "the engine works";
    this.spinner?.update(fit(text)).spin();
  }
}

const counted = (counts: Partial<Record<string, number>>): string[] =>
  Object.entries(counts).flatMap(([op, count]) => (count ? [`${count} ${op}`] : []));

/**
 * "12 create, 3 same, in 14 s" out of the engine's counts.
 *
 * @param kept how many of the deletions left the resource where it is.
 */
export function summary(changes: Partial<Record<string, number>>, seconds: number, kept = 0): string {
  const { delete: deleted = 0, same = 0, ...others } = changes;
  const parts = counted({ ...others, delete: deleted - kept, keep: kept, same });
  const meaning = kept > 0 ? " (keep: left where it is, by its option retainOnDelete)" : "";
  return `\n${parts.map((part) => `${part}, `).join("")}in ${duration(seconds * 1000)}${meaning}`;
}

/** "It failed after 14 s. Done before: 12 create". What failed may have been changed in part: a pod that never gets ready. */
export function failure(changed: Record<string, number>, seconds: number): string {
  const parts = counted(changed);
  const done = parts.length > 0 ? `. Done before: ${parts.join(", ")}` : "";
  return `\nIt failed after ${duration(seconds * 1000)}${done}.`;
}
