import * as assert from "node:assert/strict";
import { withOwnValues } from "../../stack/ownValues";

describe("the local cloud's own values", () => {
  it("take the place of examples, each of its own, as a file or a program has them", () => {
    assert.deepEqual(
      withOwnValues({
        "p:accountId": "111122223333",
        "p:unquoted": 444455556666,
        "p:roles": ["arn:aws:iam::777788889999:role/a", "arn:aws:iam::200000000003:role/b"],
        "p:networks": ["203.0.113.0/24", "198.51.100.7/32", "192.0.2.0/25"],
        "p:asText": '["203.0.113.0/24"]',
      }),
      {
        "p:accountId": "111101013333",
        "p:unquoted": "444401016666",
        "p:roles": ["arn:aws:iam::777701019999:role/a", "arn:aws:iam::200000000003:role/b"],
        "p:networks": ["198.18.113.0/24", "198.18.100.7/32", "198.18.2.0/25"],
        "p:asText": '["198.18.113.0/24"]',
      },
    );
  });

  it("leave everything else alone", () => {
    const values = {
      "p:tags": { costs: "111122223333" },
      "q:tags": '{"costs":"111122223333"}',
      "p:vpcCidr": "10.0.0.0/16",
      "p:networks": ["8.8.8.0/24", "1203.0.113.0", "203.0.11.3/32"],
      "p:nodesPerZone": 2,
      "p:isOn": true,
      "p:secret": { secure: "v1:abc" },
    };
    assert.deepEqual(withOwnValues(values), values);
  });
});
