import { AsyncLocalStorage } from "node:async_hooks";
import type { Socket } from "node:net";
import * as grpc from "@grpc/grpc-js";

type Listener = (error: Error) => void;

/** What an error that nobody has caught is told to. */
const ERRORS = ["uncaughtException", "unhandledRejection"] as const;

/** Who an engine has asked for a plugin, and with what. */
export interface Asked {
  /** Ids of the engine's process, and of the one that it started for the plugin. */
  engine: number;
  shim: number;
  args: string[];
  environment: NodeJS.ProcessEnv;
}

/**
 * A plugin that serves one engine as if it were a process of its own: what it runs has its own arguments, environment,
 * output and errors, by {@link ownProcess}.
 */
export class Program {
  readonly argv: string[];
  readonly environment: NodeJS.ProcessEnv;
  readonly listeners: [event: string, listener: Listener][] = [];
  private readonly processes: number[];
  private readonly servers: grpc.Server[] = [];
  private unanswered = 0;

  constructor(
    readonly name: string,
    { engine, shim, args, environment }: Asked,
    private readonly output: Socket,
  ) {
    this.argv = [process.execPath, name, ...args];
    this.environment = environment;
    this.processes = [engine, shim];
  }

  run<T>(work: () => T): T {
    return current.run(this, work);
  }

  /** Writes to the engine's end of a stream, 1 or 2. */
  print(stream: number, text: string): void {
    for (const line of text.replace(/\n$/, "").split("\n")) this.output.write(`${stream}${line}\n`);
  }

  /** Has a server answer in this program's name, and stop with it. */
  serve(server: grpc.Server, service: grpc.ServiceDefinition, answers: grpc.UntypedServiceImplementation) {
    this.servers.push(server);
    const entries = Object.keys(service).flatMap((method): [string, grpc.UntypedHandleCall][] => {
      const answer = answers[method] as ((call: unknown, callback?: unknown) => unknown) | undefined;
      return answer ? [[method, this.counted(answer.bind(answers)) as grpc.UntypedHandleCall]] : [];
    });
    return Object.fromEntries(entries);
  }

  private counted(answer: (call: unknown, callback?: unknown) => unknown) {
    return (call: unknown, callback?: (...results: unknown[]) => void) => {
      if (!callback) return this.run(() => answer(call));
      this.unanswered += 1;
      let isOpen = true;
      return this.run(() =>
        answer(call, (...results: unknown[]) => {
          if (isOpen) this.unanswered -= 1;
          isOpen = false;
          callback(...results);
        }),
      );
    };
  }

  /** Whether something is still waited for, and goes on although nobody will hear of it. */
  get isWorking(): boolean {
    return this.unanswered > 0;
  }

  /** Whether the engine, and the process that it has started for this, run. */
  get isWanted(): boolean {
    return this.processes.every((pid) => {
      try {
        return process.kill(pid, 0);
      } catch (error) {
        return (error as NodeJS.ErrnoException).code === "EPERM";
      }
    });
  }

  end(): void {
    for (const server of this.servers) server.forceShutdown();
    this.output.end();
  }
}

const current = new AsyncLocalStorage<Program>();

/** From here on each program has a `process` of its own, as far as programs look at it. */
export function ownProcess(): void {
  const { env, argv } = process;
  const of = (get: () => unknown): PropertyDescriptor => ({ get, configurable: true, enumerable: true });
  Object.defineProperty(
    process,
    "env",
    of(() => current.getStore()?.environment ?? env),
  );
  Object.defineProperty(
    process,
    "argv",
    of(() => current.getStore()?.argv ?? argv),
  );

  for (const [index, stream] of [process.stdout, process.stderr].entries()) {
    const write = stream.write.bind(stream) as (...args: unknown[]) => boolean;
    stream.write = (chunk: Uint8Array | string, ...more: unknown[]) => {
      const program = current.getStore();
      if (!program) return write(chunk, ...more);
      program.print(index + 1, typeof chunk === "string" ? chunk : Buffer.from(chunk).toString());
      return true;
    };
  }

  for (const event of ERRORS) {
    process.on(event, (error: Error) => {
      const program = current.getStore();
      const listeners = program?.listeners.filter(([of]) => of === event) ?? [];
      if (listeners.length === 0) console.error(error);
      for (const [, listener] of listeners) listener(error);
    });
  }
  const on = process.on.bind(process) as (event: string, listener: Listener) => NodeJS.Process;
  process.on = ((event: string, listener: Listener) => {
    const program = current.getStore();
    if (!program || !ERRORS.some((it) => it === event)) return on(event, listener);
    program.listeners.push([event, listener]);
    return process;
  }) as typeof process.on;

  type Add = (this: grpc.Server, service: grpc.ServiceDefinition, answers: grpc.UntypedServiceImplementation) => void;
  const { addService } = grpc.Server.prototype as unknown as { addService: Add };
  grpc.Server.prototype.addService = function (service, answers) {
    addService.call(this, service, current.getStore()?.serve(this, service, answers) ?? answers);
  };
}
