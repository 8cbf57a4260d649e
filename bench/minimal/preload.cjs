// As the checkout's Pulumi.yaml has it, which the host of programs goes by here too. A revision of before has none.
const fs = require("node:fs");
const path = require("node:path");

const ofCheckout = path.join(__dirname, "..", "..", "preload.cjs");
require(fs.existsSync(ofCheckout) ? ofCheckout : "tsx/cjs");
