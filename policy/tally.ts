import type { Outcome, Policy } from "./policy";

/** Counts the outcomes of all policies and prints the sums at the end of a preview or an update. */
export class Tally {
  private readonly outcomes = new Map<string, Outcome>();
  private isPrinting = false;

  constructor(private readonly isPreview: boolean) {}

  /** For a resource that is checked again, the last outcome counts. */
  count({ name }: Policy, urn: string, outcome: Outcome): void {
    this.outcomes.set(`${name} ${urn}`, outcome);
  }

  /** Prints when every policy has seen the stack: the engine's call runs them all before this process does anything else. */
  printAtEnd(): void {
    if (this.isPrinting) return;
    this.isPrinting = true;
    setImmediate(() => {
      // The engine shows what a policy pack prints among the stack's messages.
      console.log(this.summary());
      this.outcomes.clear();
      this.isPrinting = false;
    });
  }

  private summary(): string {
    const outcomes = [...this.outcomes.values()];
    const violated = outcomes.filter(({ violations }) => violations.length > 0).length;
    const notKnown = outcomes.filter((it) => it.violations.length === 0 && it.notKnown !== undefined).length;
    const outsideStack = outcomes.filter(
      (it) => it.violations.length === 0 && it.notKnown === undefined && it.outsideStack !== undefined,
    ).length;
    const passed = outcomes.length - violated - notKnown - outsideStack;
    const when = this.isPreview ? " yet" : "";
    return [
      `Policies of eks-storage: ${passed} checks passed`,
      `${violated} violated`,
      `${notKnown} can't be checked${when}`,
      `${outsideStack} are about what isn't in this stack`,
    ].join(", ");
  }
}
