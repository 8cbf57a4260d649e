// The engine starts this file: in the package what was built, in the repository the policies' TypeScript as it is.
const fs = require("node:fs");
const module_ = require("node:module");
const path = require("node:path");

// Node 22 and later keep what they compile, for the next start.
module_.enableCompileCache?.();

// Pulumi's SDK loads npm's own resolver to serialize functions, which no policy needs: a third of the time to start.
try {
  const resolver = module_.createRequire(require.resolve("@pulumi/pulumi")).resolve("@npmcli/arborist");
  require.cache[resolver] ??= { id: resolver, filename: resolver, loaded: true, exports: { __esModule: true } };
} catch {
  // An SDK that has no such resolver.
}

const source = path.join(__dirname, "source.cjs");
require(fs.existsSync(source) ? source : "./dist/pack.js");
