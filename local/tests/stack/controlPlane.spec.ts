import assert from "node:assert/strict";
import { SIMULATED } from "../../nodes/simulated";
import { certificatesOf, patches } from "../../stack/controlPlane";

describe("What a control plane is started with beside kwokctl's own", () => {
  interface Patch {
    name: string;
    extraArgs: { key: string; value: string; override: boolean }[];
  }
  const [, text] = /^componentsPatches: (.*)\n$/.exec(patches("/cloud"))!;
  const of = (component: string) => {
    const [patch, ...others] = (JSON.parse(text!) as Patch[]).filter(({ name }) => name === component);
    assert.deepEqual(others, []);
    return patch!.extraArgs;
  };

  it("has kwok simulate the nodes that are marked so, and no others", () => {
    const [[key, value]] = Object.entries(SIMULATED) as [[string, string]];
    assert.deepEqual(of("kwok-controller"), [
      // kwokctl gives it as true.
      { key: "manage-all-nodes", value: "false", override: true },
      { key: "manage-nodes-with-annotation-selector", value: `${key}=${value}`, override: false },
    ]);
  });

  it("has the API server sign in to a kubelet, by its address", () => {
    assert.deepEqual(of("kube-apiserver"), [
      { key: "kubelet-client-certificate", value: `${certificatesOf("/cloud")}/admin.crt`, override: false },
      { key: "kubelet-client-key", value: `${certificatesOf("/cloud")}/admin.key`, override: false },
      { key: "kubelet-preferred-address-types", value: "InternalIP,Hostname", override: false },
    ]);
  });

  it("has nothing stand for an election, which a busy machine would lose", () => {
    for (const component of ["kube-controller-manager", "kube-scheduler"])
      assert.deepEqual(of(component)[0], { key: "leader-elect", value: "false", override: false });
  });

  it("looks for a claim's volume again soon, which a stack's deployment waits for", () => {
    const [, ...others] = of("kube-controller-manager");
    assert.deepEqual(others, [{ key: "pvclaimbinder-sync-period", value: "1s", override: false }]);
  });
});
