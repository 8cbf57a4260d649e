import assert from "node:assert/strict";
import { zoneId } from "../../../aws/ec2/zones";

describe("the id of a zone", () => {
  for (const [name, id] of [
    ["eu-west-1a", "euw1-az1"],
    ["us-east-1c", "use1-az3"],
    ["ca-central-1c", "cac1-az3"],
    ["ap-southeast-2b", "apse2-az2"],
    ["us-gov-west-1a", "usgw1-az1"],
  ] as const)
    it(`is ${id} for ${name}`, () => assert.equal(zoneId(name), id));
});
