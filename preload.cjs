// What Node.js loads before the program (Pulumi.yaml's nodeargs), the tests, and what else uses the SDKs: it makes ready for
// TypeScript when the first file of it is loaded. Pulumi's SDK can't be loaded before: it takes project and stack from an
// environment that Pulumi's host sets once it runs.
const Module = require("node:module");

// Node.js 22 and later keep what they compile, for the next start.
Module.enableCompileCache?.();

// The SDK loads npm's resolver for callbacks on Lambda, a fifth of its time. Loaded here when somebody asks for it.
const RESOLVER = "@npmcli/arborist";
const { _load: load } = Module;
const lazily = (request, ...rest) => {
  if (request !== RESOLVER) return load(request, ...rest);
  return {
    // What has this is taken as it is, not property by property.
    __esModule: true,
    get Arborist() {
      return load(request, ...rest).Arborist;
    },
  };
};
Module._load = lazily;

Module._extensions[".ts"] = (module, file) => {
  delete Module._extensions[".ts"];
  // Before tsx: what comes after it goes through its resolver, and has its source maps read, which takes as long again.
  for (const sdk of ["pulumi", "aws", "eks", "kubernetes"]) require(`@pulumi/${sdk}`);
  if (Module._load === lazily) Module._load = load;
  leavePromisesUntraced();
  require("tsx/cjs");
  Module._extensions[".ts"](module, file);
};

/**
 * The SDK formats a stack trace for each of its promises, and shows it under PULUMI_DEBUG_PROMISE_LEAKS only. These traces took
 * two thirds of the time in which prod is registered; here they are empty. What a program throws keeps its own.
 */
function leavePromisesUntraced() {
  if (process.env.PULUMI_DEBUG_PROMISE_LEAKS) return;
  const sdk = require("@pulumi/pulumi/runtime/debuggable");
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
