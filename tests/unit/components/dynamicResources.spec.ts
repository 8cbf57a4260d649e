import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import * as YAML from "yaml";
import { CsiDriver, CsiDriverKind, DeletionProtection, Retention } from "../../../components/index";
import { Drain } from "../../../components/csi/drain";
import { PodCredentials } from "../../../components/csi/podCredentials";
import { OverwriteProtectionDisabled } from "../../../components/efs/overwriteProtection";
import { TOKEN, users } from "../../support/apiServer";
import { certificates } from "../../support/certificates";
import { one, registered } from "../../support/queries";
import { Secret } from "../../support/registrations";
import { codeOf, deleteElsewhere, textOf, withCluster } from "../../support/stateCode";

const VOLUMES = "/api/v1/persistentvolumes";
const empty = { [VOLUMES]: [], "/apis/storage.k8s.io/v1/volumeattachments": [] };
const claim = { namespace: "shop", name: "data-0", volumeKey: "keptVolumeId", zoneKey: "keptZone" };
const volume = {
  metadata: { name: "pv-1" },
  spec: {
    persistentVolumeReclaimPolicy: "Retain",
    claimRef: claim,
    csi: { volumeHandle: "vol-11111111" },
    nodeAffinity: {
      required: { nodeSelectorTerms: [{ matchExpressions: [{ key: "topology/zone", values: ["eu-west-1a"] }] }] },
    },
  },
};

const driver = (kubeconfig: string) =>
  new CsiDriver("csi", {
    kind: CsiDriverKind.Efs,
    clusterName: "c",
    version: "v1.64.0-eksbuild.1",
    region: "eu-west-1",
    kubeconfig,
  });
const drain = (kubeconfig: string) =>
  new Drain("drain", { driver: "efs.csi.aws.com", kubeconfig, timeoutInMinutes: 0 }, {});
const credentials = (kubeconfig: string) =>
  new PodCredentials("credentials", { addonName: "efs", serviceAccounts: ["efs-csi-controller-sa"], kubeconfig }, {});
const notice = (kubeconfig: string) =>
  new DeletionProtection("all", { retention: Retention.Release, configuration: { key: "1" }, claim, kubeconfig }, {});
const overwriteProtection = () =>
  new OverwriteProtectionDisabled("copy", { fileSystemId: "fs-11111111", region: "r", isNew: true }, {});

describe("what a stack's state holds of the dynamic resources", () => {
  it("is a driver's drain, and its pods' credentials: of no other the kubeconfig is in the state", async () => {
    const resources = (await registered(() => driver("{}"))).filter(({ type }) => type.endsWith("dynamic:Resource"));
    assert.deepEqual(resources.map(({ name, inputs }) => [name, inputs.kubeconfig instanceof Secret]).sort(), [
      ["csi-credentials", true],
      ["csi-drain", true],
    ]);
  });

  const directory = fs.mkdtempSync(path.join(os.tmpdir(), "eks-storage-command-"));
  after(() => fs.rmSync(directory, { recursive: true }));

  const commandFor = (status: object) => {
    const command = path.join(directory, "aws");
    fs.writeFileSync(command, `#!/bin/sh\nprintf %s '${JSON.stringify({ status })}'\n`, { mode: 0o755 });
    return { exec: { apiVersion: "client.authentication.k8s.io/v1beta1", command, args: ["eks", "get-token"] } };
  };

  for (const [name, program] of [
    ["the drain", () => drain("{}")],
    ["the pods' credentials", () => credentials("{}")],
    ["the notice", () => notice("{}")],
    ["the overwrite protection", overwriteProtection],
  ] as const) {
    it(`needs no package: ${name}`, async () => {
      const code = await textOf(program);
      const modules = [...code.matchAll(/\b(?:require|import)\(([^)]*)\)/g)].map(([, module]) => module);
      assert.ok(modules.length > 0, "it imports nothing");
      for (const module of modules) assert.match(module!, /^"node:/);
    });
  }

  for (const [how, user] of [
    ["a token", () => users.token],
    ["a client certificate", () => users.certificate],
    ["a command's token", () => commandFor({ token: TOKEN })],
    [
      "a command's client certificate",
      () => commandFor({ clientCertificateData: certificates.client, clientKeyData: certificates.clientKey }),
    ],
  ] as const) {
    it(`runs in an empty directory, with ${how}`, async () => {
      await withCluster({ ...empty, [VOLUMES]: [volume] }, async (cluster) => {
        const kubeconfig = cluster.kubeconfig(user());
        const state = { driver: "efs.csi.aws.com", kubeconfig, timeoutInMinutes: 0 };
        assert.equal(await deleteElsewhere(await textOf(() => drain("{}")), state), "deleted\n");
        assert.ok(cluster.asked >= 3, "it never asked");
        const kept = { retention: "release", configuration: { key: "1" }, claim, kubeconfig };
        assert.match(
          await deleteElsewhere(await textOf(() => notice("{}")), kept),
          /pulumi config set key 1\n.*keptVolumeId vol-11111111\n.*keptZone eu-west-1a\ndeleted\n$/,
        );
      });
    });
  }

  for (const [name, program] of [
    ["the drain", drain],
    ["the pods' credentials", credentials],
    ["the notice", notice],
  ] as const) {
    it(`is a secret where it is the kubeconfig of ${name}, and JSON where it was YAML`, async () => {
      await withCluster(empty, async (cluster) => {
        const content = JSON.parse(cluster.kubeconfig());
        const registrations = await registered(() => void program(YAML.stringify(content)));
        const { kubeconfig } = one(registrations, "dynamic:Resource").inputs;
        assert.ok(kubeconfig instanceof Secret);
        assert.deepEqual(JSON.parse(kubeconfig.value as string), content);
        // Nobody else has it in the clear.
        const inTheClear = registrations.filter((it) => JSON.stringify([it.inputs, it.outputs]).includes(TOKEN));
        assert.deepEqual(
          inTheClear.map(({ type }) => type),
          ["pulumi-nodejs:dynamic:Resource"],
        );
      });
    });

    it(`refuses a kubeconfig of ${name} at the preview, not at the destroy`, async () => {
      const { check } = await codeOf(() => void program("{}"));
      await withCluster(empty, async (cluster) => {
        const inputs = { kubeconfig: cluster.kubeconfig() };
        assert.deepEqual(await check({}, inputs), { inputs });
        const wrong = { kubeconfig: cluster.kubeconfig({}) };
        const { failures } = await check({}, wrong);
        assert.deepEqual(failures, [
          {
            property: "kubeconfig",
            reason:
              "The kubeconfig must sign in with a token, a client certificate or a command (exec); the user u has " +
              "nothing. Fix it, and run pulumi up.",
          },
        ]);
        // Until the cluster is there, nobody knows it.
        const unknown = { kubeconfig: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" };
        assert.deepEqual(await check({}, unknown), { inputs: unknown });
      });
    });
  }
});
