import type { EngineEvent, StepEventMetadata } from "@pulumi/pulumi/automation";
import { createSpinner } from "nanospinner";
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

/** Stand-ins come first on the engine's PATH on purpose; the engine warns of each. */
const EXPECTED = /^(warning: )?using pulumi-\S+ from \$PATH at /;

/** A message without the engine's colour marks. */
const plain = (message: string) => message.replace(/<\{%[^%]*%\}>/g, "").trim();

const nameOf = (urn = "") => urn.split("::").pop()!;

/** One line for a step: `+ create aws:efs/fileSystem:FileSystem files`, for an update with what differs. */
export function stepLine({ op, type, urn, diffs, old }: StepEventMetadata): string | undefined {
  const kept = (op === "delete" || op === "delete-replaced") && old?.retainOnDelete;
  if (kept) return `= keep ${type} ${nameOf(urn)}`;
  const sign = SIGNS[op];
  return sign && `${sign} ${op} ${type} ${nameOf(urn)}${diffs?.length ? ` [${diffs.join(", ")}]` : ""}`;
}

/** Shows an operation as it goes: a line for each change and message, and below them what is being worked on. */
export class Display {
  private readonly running = new Map<string, { what: string; since: number }>();
  private readonly spinner = interactive() ? createSpinner("", { stream: process.stdout }) : undefined;
  private readonly timer = setInterval(() => this.redraw(), 250);
  private last = "";
  /** Whether the engine has heard that it is to stop. */
  cancelling = false;
  /** Everything that the engine and the program said. */
  messages = "";

  readonly event = (event: EngineEvent): void => {
    const { resourcePreEvent, resOutputsEvent, resOpFailedEvent, diagnosticEvent, stdoutEvent, summaryEvent } = event;
    if (event.policyEvent) this.violated(event.policyEvent);
    if (resourcePreEvent) {
      const { planning, metadata } = resourcePreEvent;
      const line = stepLine(metadata);
      if (line && planning) this.print(line);
      else if (line) this.running.set(metadata.urn, { what: nameOf(metadata.urn), since: Date.now() });
    }
    if (resOutputsEvent && !resOutputsEvent.planning)
      this.done(stepLine(resOutputsEvent.metadata), resOutputsEvent.metadata);
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
    if (summaryEvent) this.print(summary(summaryEvent.resourceChanges, summaryEvent.durationSeconds));
  };

  end(): void {
    clearInterval(this.timer);
    this.spinner?.clear().stop();
  }

  private done(line: string | undefined, { urn }: StepEventMetadata): void {
    const took = Date.now() - (this.running.get(urn)?.since ?? Date.now());
    this.running.delete(urn);
    if (line) this.print(took < 1000 ? line : `${line} (${duration(took)})`);
  }

  private said({ severity, message, urn, ephemeral }: NonNullable<EngineEvent["diagnosticEvent"]>): void {
    const text = plain(message);
    this.messages += `${text}\n`;
    const running = this.running.get(urn ?? "");
    if (running && ephemeral) running.what = `${nameOf(urn)}: ${text}`;
    if (!text || ephemeral || (severity as string) === "debug" || EXPECTED.test(text)) return;
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
    // The engine hands on an error of the program twice.
    if (line === this.last) return;
    this.last = line;
    this.spinner?.clear();
    console.log(line);
  }

  private redraw(): void {
    const [oldest, ...others] = this.running.values();
    const more = others.length ? ` and ${others.length} more` : "";
    const text = oldest ? `${oldest.what} (${duration(Date.now() - oldest.since)})${more}` : "the engine works";
    this.spinner?.update(fit(text)).spin();
  }
}

/** "12 create, 3 same, in 14 s" out of the engine's counts. */
export const summary = (changes: Partial<Record<string, number>>, seconds: number): string =>
  `\n${Object.entries(changes)
    .map(([op, count]) => `${count} ${op}, `)
    .join("")}in ${duration(seconds * 1000)}`;
