import * as assert from "node:assert/strict";
import { UserError } from "../../cli/terminal";
import { isolatedEnvironment, parseConfig } from "../../stack/engine";

describe("local engine", () => {
  it("sets configuration as the person writes it", () => {
    assert.deepEqual(parseConfig("p", ["replicas=3", "aws:region=eu-west-1", "a=b=c", 'zones=["x","y"]', "empty="]), {
      "p:replicas": "3",
      "aws:region": "eu-west-1",
      "p:a": "b=c",
      "p:zones": ["x", "y"],
      "p:empty": "",
    });
  });

  it("refuses configuration that it can't read", () => {
    assert.throws(() => parseConfig("p", ["replicas"]), new UserError("--config must be key=value, got replicas"));
    assert.throws(
      () => parseConfig("p", ["zones=[x"]),
      new UserError("--config zones must be JSON, since it begins with [ or {; got [x"),
    );
  });

  it("keeps the user's clouds, clusters and Pulumi account out of reach", () => {
    const theirs = {
      HOME: "/home/me",
      PATH: "/usr/bin",
      AWS_PROFILE: "work",
      AWS_ACCESS_KEY_ID: "theirs",
      KUBECONFIG: "/home/me/.kube/config",
      KUBEBUILDER_ASSETS: "/assets",
      PULUMI_ACCESS_TOKEN: "theirs",
      PULUMI_HOME: "/home/me/.pulumi",
    };
    const environment = isolatedEnvironment(theirs, "/cloud");
    assert.equal(environment.HOME, "/home/me");
    assert.equal(environment.KUBEBUILDER_ASSETS, "/assets");
    assert.equal(environment.PATH, "/cloud/bin:/usr/bin");
    assert.equal(environment.EKS_STORAGE_CLOUD, "/cloud");
    assert.equal(environment.PULUMI_BACKEND_URL, "file:///cloud/state");
    const values = Object.entries(environment).filter(([name]) => /^(AWS|PULUMI|KUBECONFIG)/.test(name));
    for (const [name, value] of values) assert.ok(!/theirs|work|\/home\/me/.test(value!), `${name} is ${value}`);
  });
});
