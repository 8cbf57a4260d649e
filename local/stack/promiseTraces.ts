import { createRequire } from "node:module";

type DebuggablePromise = (promise: Promise<unknown>, context: unknown) => Promise<unknown>;

/**
 * The SDK formats a stack trace for each of its promises, and shows it under PULUMI_DEBUG_PROMISE_LEAKS only. Traces of a
 * program took two thirds of the time in which it registers prod; from here on they are empty, unless somebody asks for them.
 * What a program throws keeps its own.
 */
export function leavePromisesUntraced(): void {
  if (process.env.PULUMI_DEBUG_PROMISE_LEAKS) return;
  // The module as the SDK has it: an import can't be changed.
  const sdk = createRequire(__filename)("@pulumi/pulumi/runtime/debuggable") as {
    debuggablePromise: DebuggablePromise;
  };
  const { debuggablePromise } = sdk;
  sdk.debuggablePromise = (promise, context) => {
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    try {
      return debuggablePromise(promise, context);
    } finally {
      Error.stackTraceLimit = stackTraceLimit;
    }
  };
}
