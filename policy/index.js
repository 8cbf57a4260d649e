// The engine starts this file. It runs the policies' TypeScript as it is: there is nothing to build.
const module_ = require("node:module");

// Node 22 and later keep what they compile, for the next start.
module_.enableCompileCache?.();

// Pulumi's SDK loads npm's own resolver to serialize functions, which no policy needs: a third of the time to start.
const resolver = module_.createRequire(require.resolve("@pulumi/pulumi")).resolve("@npmcli/arborist");
require.cache[resolver] ??= { id: resolver, filename: resolver, loaded: true, exports: { __esModule: true } };

// Before tsx, which looks at every file that is loaded after it.
require("@pulumi/policy");
require("tsx/cjs");
require("./pack");
