import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { wayOut } from "../../tools/ensure";
import { find } from "../../tools/find";
import {
  actionlintTools,
  controlPlaneTools,
  engineTools,
  kubernetesPluginTools,
  type ToolSet,
} from "../../tools/toolSets";
import { nodejsHostTools, pythonHostTools, sdkGeneratorTools, yamlHostTools } from "../../tools/languageTools";
import { corednsTools, nodeTools } from "../../tools/nodeTools";
import { atLeast, parseVersion } from "../../tools/versions";

describe("local tools", () => {
  it("read versions out of what tools print", () => {
    assert.deepEqual(parseVersion("kwokctl version v0.8.0 go1.26.8 (linux/amd64)"), [0, 8, 0]);
    assert.deepEqual(parseVersion("Client Version: v1.35.4\nKustomize Version: v5.7.1"), [1, 35, 4]);
    assert.deepEqual(parseVersion("dev"), [0, 0, 0]);
    assert.ok(atLeast("v3.251.0", "3.248.1"));
    assert.ok(atLeast("go version go1.26 linux/amd64", "1.25.11"));
    assert.ok(!atLeast("1.9.9", "1.10.0"));
  });

  it("take their versions from the go.mod files", () => {
    assert.match(engineTools().version, /^v3\.\d+\.\d+$/);
    assert.match(controlPlaneTools().version, /^v1\.\d+\.\d+$/);
    assert.match(controlPlaneTools().stamps["sigs.k8s.io/kwok/pkg/consts.Version"]!, /^v0\.\d+\.\d+$/);
    assert.match(nodejsHostTools().version, /^v3\.\d+\.\d+$/);
    assert.match(yamlHostTools().version, /^v1\.\d+\.\d+$/);
    assert.match(pythonHostTools().version, /^v3\.\d+\.\d+$/);
    // What it makes is for this engine.
    assert.equal(sdkGeneratorTools().version, engineTools().version);
    assert.match(kubernetesPluginTools().version, /^v4\.\d+\.\d+-\d{14}-[0-9a-f]{12}$/);
    assert.match(actionlintTools().version, /^v1\.\d+\.\d+$/);
    assert.match(corednsTools().version, /^v1\.\d+\.\d+$/);
    assert.equal(nodeTools().version, controlPlaneTools().version, "a kubelet may be no newer than its API server");
    assert.ok(atLeast(controlPlaneTools().go, "1.21"));
    assert.notEqual(engineTools().hash, controlPlaneTools().hash);
  });

  it("accept another engine only of this major version and as new as the SDK", () => {
    const engine = engineTools();
    assert.ok(engine.accepts("pulumi", engine.version));
    assert.ok(!engine.accepts("pulumi", "v3.100.0"));
    assert.ok(!engine.accepts("pulumi", "v4.0.0"));
    assert.ok(!engine.accepts("pulumi", ""));
  });

  it("accept another actionlint only of this major version and as new", () => {
    const set = actionlintTools();
    assert.ok(set.accepts("actionlint", `${set.version.slice(1)}\ninstalled by building from source`));
    assert.ok(set.accepts("actionlint", "1.99.0"));
    assert.ok(!set.accepts("actionlint", "1.6.0"));
    assert.ok(!set.accepts("actionlint", "2.0.0"));
  });

  it("accept another control plane only of the same minor version, kubectl one off", () => {
    const set = controlPlaneTools();
    const accepts = (binary: string, printed: string) => set.accepts(binary, printed);
    const [major, minor] = parseVersion(set.version);
    const other = (difference: number) => `Kubernetes v${major}.${minor + difference}.0`;
    assert.ok(accepts("kube-apiserver", other(0)));
    assert.ok(!accepts("kube-apiserver", other(1)));
    assert.ok(accepts("kubectl", other(1)));
    assert.ok(accepts("kubectl", other(-1)));
    assert.ok(!accepts("kubectl", other(2)));
    assert.ok(!accepts("kwokctl", "kwokctl version v0.7.0"));
    assert.ok(!accepts("etcd", "etcd Version: 3.4.30"));
  });

  it("say every way out when nothing is there, of all that is missing", () => {
    const noGo = "there is no Go on PATH";
    const engine = { set: engineTools(), noDownload: "get.pulumi.com gave no answer within 10 s", noGo };
    const message = wayOut([engine, { set: controlPlaneTools(), noDownload: "there is none", noGo }]);
    assert.match(message, /^pulumi v3\.\d+\.\d+ is needed, and can be neither found nor made:/);
    assert.match(message, /official download: get\.pulumi\.com gave no answer within 10 s/);
    assert.match(message, /\nkubernetes v1\.\d+\.\d+ is needed, and can be neither found nor made:/);
    assert.match(message, /Either install\n {2}pulumi \(v3[^)]*\)\n {2}kube-apiserver, .*kubectl \(v1[^)]*\),\n/);
    // The newest of the two, so that one is enough.
    assert.ok(message.includes(`or install Go ${controlPlaneTools().go} or newer (https://go.dev/doc/install):`));
    assert.ok(atLeast(controlPlaneTools().go, engineTools().go));
    assert.match(wayOut([engine]), new RegExp(`Go ${engineTools().go} or newer`));
  });

  describe("on PATH", () => {
    const directory = fs.mkdtempSync(path.join(os.tmpdir(), "tools-"));
    const set: ToolSet = {
      ...engineTools(),
      binaries: ["one", "two"],
      hash: "never-built",
      accepts: (_, printed) => atLeast(printed, "2.0"),
    };
    const { PATH, KUBEBUILDER_ASSETS } = process.env;
    const tool = (name: string, version: string) =>
      fs.writeFileSync(path.join(directory, name), `#!/bin/sh\necho ${version}\n`, { mode: 0o755 });
    before(() => {
      process.env.KUBEBUILDER_ASSETS = directory;
    });
    after(() => {
      if (KUBEBUILDER_ASSETS === undefined) delete process.env.KUBEBUILDER_ASSETS;
      else process.env.KUBEBUILDER_ASSETS = KUBEBUILDER_ASSETS;
      process.env.PATH = PATH;
      fs.rmSync(directory, { recursive: true });
    });

    it("are used only when all of them are there, and fit", async () => {
      tool("one", "v2.1.0");
      assert.equal(await find(set), undefined);
      tool("two", "v1.0.0");
      assert.equal(await find(set), undefined);
      tool("two", "v2.0.1");
      const paths = { one: path.join(directory, "one"), two: path.join(directory, "two") };
      assert.deepEqual(await find(set), { version: "v2.1.0", paths });
    });
  });
});
