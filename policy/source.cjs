// Runs the policies' TypeScript: there is nothing to build. Their types are checked by npm test.

// Before tsx, which looks at every file that is loaded after it.
require("@pulumi/policy");
require("tsx/cjs");
require("./pack");
