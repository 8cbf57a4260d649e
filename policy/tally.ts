import type { Outcome, Rule } from "./rule";

/** Counts what the rules found, and says it at the end of a preview or an update, when every rule has seen the stack. */
export class Tally {
  private readonly found = new Map<string, Outcome>();
  private isEnding = false;

  constructor(private readonly isPreview: boolean) {}

  /** A resource that is looked at again counts as it is then. */
  count({ name }: Rule, urn: string, outcome: Outcome): void {
    this.found.set(`${name} ${urn}`, outcome);
  }

  /** The rules about the stack begin: the engine calls all of them before anything else happens in this process. */
  end(): void {
    if (this.isEnding) return;
    this.isEnding = true;
    setImmediate(() => {
      // What a policy pack prints the engine shows with the stack's messages.
      console.log(this.summary());
      this.found.clear();
      this.isEnding = false;
    });
  }

  private summary(): string {
    const outcomes = [...this.found.values()];
    const violated = outcomes.filter(({ reasons }) => reasons.length > 0).length;
    const notKnown = outcomes.filter((it) => it.reasons.length === 0 && it.notKnown !== undefined).length;
    const elsewhere = outcomes.filter(
      (it) => it.reasons.length === 0 && it.notKnown === undefined && it.elsewhere !== undefined,
    ).length;
    const passed = outcomes.length - violated - notKnown - elsewhere;
    const when = this.isPreview ? " yet" : "";
    return [
      `Policies of eks-storage: ${passed} checks passed`,
      `${violated} violated`,
      `${notKnown} can't be known${when}`,
      `${elsewhere} are about what isn't in this stack`,
    ].join(", ");
  }
}
