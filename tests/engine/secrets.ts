import * as fs from "node:fs";
import * as path from "node:path";
import type { EngineEvent } from "@pulumi/pulumi/automation";
import { readRecords, token } from "../../local/aws/records";
import { controlPlaneFile, readControlPlane } from "../../local/stack/directory";
import { leaks } from "../support/secretSearch";

const PARAMETER = token("ssm/parameter");

/** The secrets of a local cloud, and everything that a person, a log or a backend gets to see of its stacks. */
export class Secrets {
  /** What engines, the program and plugins have said, by where: terminal, errors, events of each resource. */
  private readonly said: Record<string, Set<string>> = {};
  private readonly known: Record<string, string> = {};

  constructor(private readonly cloud: string) {}

  hear(where: string, text: string): void {
    (this.said[where] ??= new Set()).add(text);
  }

  /** Debug messages are left out: the SDK's hold what it was answered, and only who asks gets them (docs/operations.md). */
  hearEvent(event: EngineEvent): void {
    if ((event.diagnosticEvent?.severity as string) === "debug") return;
    const subject = (event.resourcePreEvent ?? event.resOutputsEvent)?.metadata.urn.split("::").slice(2).join(" ");
    // The next operation's event is often the same but for these.
    this.hear(`an event${subject ? ` of ${subject}` : ""}`, JSON.stringify({ ...event, sequence: 0, timestamp: 0 }));
  }

  /** A secret that a test gives, beside those that the stack generates. */
  add(name: string, secret: string): void {
    this.known[name] = secret;
  }

  all(): string[] {
    return Object.values(this.known);
  }

  /** Learns the passwords that there are now, and what the kubeconfig's command signs in with. */
  learn(): void {
    for (const { type, id, properties } of readRecords(this.cloud)) {
      if (type !== PARAMETER || id.endsWith("/kept")) continue; // what is kept is no secret
      const passwords = JSON.parse(String(properties.value)) as Record<string, string>;
      // One parameter may have several values in time: all of them are secret.
      for (const [name, password] of Object.entries(passwords)) {
        this.known[`${name} ${password.slice(0, 2)}… of ${id}`] = password;
      }
    }
    if (!fs.existsSync(controlPlaneFile(this.cloud))) return;
    const { clientKeyData } = readControlPlane(this.cloud);
    this.known["the client's key"] = Buffer.from(clientKeyData, "base64").toString();
  }

  /** Where secrets are to be read: in what was said, in states, their history and backups, in plans. */
  leaks(): string[] {
    const texts = Object.fromEntries(
      ["state", "pulumi"].flatMap((directory) => {
        const root = path.join(this.cloud, directory);
        const files = fs.existsSync(root) ? fs.readdirSync(root, { recursive: true, withFileTypes: true }) : [];
        return files
          .filter((file) => file.isFile())
          .map((file) => path.join(file.parentPath, file.name))
          .map((file) => [path.relative(this.cloud, file), fs.readFileSync(file, "utf8")]);
      }),
    );
    const said = Object.entries(this.said).map(([where, lines]) => [where, [...lines].join("\n")]);
    return leaks(this.known, { ...texts, ...(Object.fromEntries(said) as Record<string, string>) });
  }
}
