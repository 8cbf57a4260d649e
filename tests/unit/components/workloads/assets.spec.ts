import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { Assets, type AssetsArgs } from "../../../../components/index";
import { assertRestricted, claimAt, podOf } from "../../../support/pods";
import { all, assertOrder, one, refused, registered } from "../../../support/queries";
import type { Registration } from "../../../support/registrations";

const args: AssetsArgs = {
  image: "assets:1",
  replicas: 2,
  identity: { uid: 999, gid: 998 },
  efs: { fileSystemId: "fs-11111111", accessPointId: "fsap-11111111", path: "/assets" },
};
const assets = (changes: Partial<AssetsArgs> = {}) => new Assets("shop", { ...args, ...changes });
const IMAGES = "/usr/share/nginx/html/assets";

describe("Assets", () => {
  it("serves the same images from every replica: one claim, which all of them mount", async () => {
    const resources = await registered(() => assets());
    const deployment = one(resources, "Deployment");
    const claim = one(resources, "PersistentVolumeClaim").inputs.metadata;
    const pod = podOf(deployment);
    assert.equal(deployment.inputs.spec.replicas, 2);
    assert.equal(claimAt(pod, pod.containers[0]!, IMAGES), claim.name);
    assert.equal(claim.namespace, "assets");
    assert.deepEqual(one(resources, "PersistentVolumeClaim").inputs.spec.accessModes, ["ReadWriteMany"]);
  });

  it("copies the bundled images to the claim before nginx starts, with both of them in sight", async () => {
    const pod = podOf(one(await registered(() => assets()), "Deployment"));
    const [seed] = pod.initContainers ?? [];
    assert.equal(seed!.image, pod.containers[0]!.image, "the images are bundled in nginx's own image");
    const [source, target] = seed!.command.slice(-3);
    assert.equal(source, IMAGES);
    assert.equal(claimAt(pod, seed!, target!), claimAt(pod, pod.containers[0]!, IMAGES));
    const hidden = seed!.volumeMounts.filter(({ mountPath }) => IMAGES.startsWith(mountPath));
    assert.deepEqual(hidden, [], "a mount there hides the images to copy");
  });

  it("runs nginx on our configuration, as the access point's user, under the restricted standard", async () => {
    const resources = await registered(() => assets());
    const pod = podOf(one(resources, "Deployment"));
    assertRestricted(pod);
    assert.deepEqual([pod.securityContext.runAsUser, pod.securityContext.runAsGroup], [999, 998]);
    const mount = pod.containers[0]!.volumeMounts.find(({ mountPath }) => mountPath === "/etc/nginx/nginx.conf");
    const volume = pod.volumes.find(({ name }) => name === mount?.name);
    const configuration = one(resources, "ConfigMap").inputs;
    assert.equal(volume?.configMap.name, configuration.metadata.name);
    assert.match(configuration.data[mount!.subPath] as string, /^ +listen 8080;$/m);
    assert.ok(configuration.immutable, "a change makes another one, which rolls the pods");
    assert.equal(
      one(resources, "Namespace").inputs.metadata.labels["pod-security.kubernetes.io/enforce"],
      "restricted",
    );
  });

  it("is reached on port 80, and its pods by nobody on any other port than 8080", async () => {
    const resources = await registered(() => assets());
    const [port] = one(resources, "Service").inputs.spec.ports;
    const { labels } = one(resources, "Deployment").inputs.spec.template.metadata;
    assert.deepEqual([port.port, port.targetPort], [80, 8080]);
    assert.deepEqual(one(resources, "Service").inputs.spec.selector, labels);
    const policy = one(resources, "NetworkPolicy").inputs.spec;
    assert.deepEqual(policy.podSelector.matchLabels, labels);
    assert.deepEqual(policy.policyTypes, ["Ingress", "Egress"]);
    assert.deepEqual(
      policy.ingress.map(({ ports }: { ports: object[] }) => ports),
      [[{ port: 8080, protocol: "TCP" }]],
    );
    assert.deepEqual(policy.egress, [], "nginx calls nobody");
    assert.deepEqual(one(resources, "PodDisruptionBudget").inputs.spec.selector.matchLabels, labels);
    assert.deepEqual(one(resources, "Deployment").inputs.spec.selector.matchLabels, labels);
  });

  it("makes namespace, then volume and configuration, then pods", async () => {
    const resources = await registered(() => assets());
    const deployment = one(resources, "Deployment");
    const needed = ["ConfigMap", "ServiceAccount", "PersistentVolume", "PersistentVolumeClaim"];
    const earlier = needed.map((type) => one(resources, type));
    assertOrder(resources, [one(resources, "Namespace")], [...earlier, ...all(resources, "Service"), deployment]);
    assertOrder(resources, earlier, [deployment]);
    // Pulumi waits at a Service until it reaches a pod.
    assertOrder(resources, [deployment], all(resources, "Service"));
  });

  it("lives in another namespace on request, all of it", async () => {
    const resources = await registered(() => assets({ namespace: "blue" }));
    assert.equal(one(resources, "Namespace").inputs.metadata.name, "blue");
    const namespaced = resources.filter(
      ({ type }) => type.startsWith("kubernetes:") && !/:(Namespace|PersistentVolume)$/.test(type),
    );
    assert.ok(namespaced.length > 5);
    namespaced.forEach(({ urn, inputs }) => assert.equal(inputs.metadata.namespace, "blue", urn));
    assert.equal(one(resources, "PersistentVolume").inputs.spec.claimRef.namespace, "blue");
  });

  it("moves to another claim when path or identity changes", async () => {
    const claimOf = async (changes: Partial<AssetsArgs>) => {
      const resources = await registered(() => assets(changes));
      const pod = podOf(one(resources, "Deployment"));
      return claimAt(pod, pod.containers[0]!, IMAGES);
    };
    const before = await claimOf({});
    assert.equal(await claimOf({ image: "assets:2", replicas: 3 }), before);
    assert.notEqual(await claimOf({ efs: { ...args.efs!, path: "/other" } }), before);
    assert.notEqual(await claimOf({ identity: { uid: 999, gid: 999 } }), before);
  });

  it("takes a volume of a class, seeded as any file system is", async () => {
    const program = () => new Assets("shop", { ...args, efs: undefined, efsClass: { storageClassName: "shared" } });
    const resources = await registered(program);
    const claim = one(resources, "PersistentVolumeClaim").inputs;
    assert.equal(claim.spec.storageClassName, "shared");
    const pod = podOf(one(resources, "Deployment"));
    assert.equal(claimAt(pod, pod.containers[0]!, "/usr/share/nginx/html/assets"), claim.metadata.name);
    assert.equal(pod.initContainers![0]!.command.at(-1), "link");
  });

  describe("on S3", () => {
    const s3 = { bucketName: "images", region: "eu-west-1" };
    const onS3 = () => registered(() => assets({ efs: undefined, s3 }));

    it("serves the bucket as the pods' user, to all replicas", async () => {
      const resources = await onS3();
      const pod = podOf(one(resources, "Deployment"));
      assert.equal(
        claimAt(pod, pod.containers[0]!, IMAGES),
        one(resources, "PersistentVolumeClaim").inputs.metadata.name,
      );
      const { csi, mountOptions } = one(resources, "PersistentVolume").inputs.spec;
      assert.equal(csi.volumeAttributes.bucketName, "images");
      const { runAsUser, runAsGroup } = pod.securityContext;
      assert.deepEqual([`uid=${runAsUser}`, `gid=${runAsGroup}`], (mountOptions as string[]).slice(3, 5));
      assertRestricted(pod);
    });

    it("is seeded without what S3 has no word for: links; on EFS with them", async () => {
      const mode = async (resources: Registration[]) =>
        podOf(one(resources, "Deployment")).initContainers?.[0]?.command.at(-1);
      assert.equal(await mode(await onS3()), "copy");
      assert.equal(await mode(await registered(() => assets())), "link");
    });

    it("moves to another claim, and keeps everything else", async () => {
      const urns = async (resources: Registration[]) => resources.map(({ urn }) => urn).sort();
      const [before, after] = [await urns(await registered(() => assets())), await urns(await onS3())];
      const gone = before.filter((urn) => !after.includes(urn)).map((urn) => urn.split("::")[2]!.split("$").pop());
      assert.deepEqual(gone.sort(), [
        "kubernetes:core/v1:PersistentVolume",
        "kubernetes:core/v1:PersistentVolumeClaim",
      ]);
    });

    it("refuses to be on both, or on nothing", async () => {
      for (const [given, found] of [
        [{ s3 }, "[ 'efs', 's3' ]"],
        [{ efs: undefined }, "[]"],
      ] as const) {
        assert.equal(
          await refused(() => assets(given)),
          `Assets "shop" has an argument that can't work:
  - one of efs, efsClass, s3 must be given, and no other; it is ${found}.
    They are alternatives: choose one, and leave out the rest.`,
        );
      }
    });
  });

  it("ends with the claim's name, known at a first preview", async () => {
    const resources = await registered(() => assets(), { preview: true });
    assert.deepEqual(one(resources, "eks-storage:index:Assets").outputs, {
      claimName: one(resources, "PersistentVolumeClaim").inputs.metadata.name,
    });
  });

  it("refuses every wrong argument at once, before anything is made", async () => {
    assert.equal(
      await refused(() => assets({ replicas: 0, identity: { uid: -1, gid: 0 } })),
      `Assets "shop" has 3 arguments that can't work:
  - identity.uid must be a whole number from 1 to 4294967295; it is -1.
    Choose the number that the workload's image runs as, never 0 (root).
  - identity.gid must be a whole number from 1 to 4294967295; it is 0.
    Choose the number that the workload's image runs as, never 0 (root).
  - replicas must be a whole number of at least 1; it is 0.
    To stop serving for a while, scale the Deployment with kubectl; to remove it, remove the component.`,
    );
  });

  it("can't refuse what isn't known yet", async () => {
    await registered(() => assets({ replicas: pulumi.output(1), image: Promise.resolve("assets:1") }));
  });
});
