import assert from "node:assert/strict";
import { crashing, outputs } from "../../support/verified/objects";
import { idsOf, onlyFailureOf, resultOf, Verified } from "../../support/verified/runs";

describe("verify, of a stack that isn't well", () => {
  let verified: Verified;
  beforeEach(async () => (verified = await Verified.start()));
  afterEach(() => verified.stop());

  const claim = () => verified.cluster.find("PersistentVolumeClaim", outputs.pvcNames.assets, "assets")!;
  const volume = () => verified.cluster.find("PersistentVolume", `pv-${outputs.pvcNames.assets}`)!;
  const onlyFailure = async () => onlyFailureOf(await verified.run());

  describe("with pods on empty directories of their own, as before", () => {
    it("fails in what two pods share, and in nothing else", async () => {
      verified.cluster.hasVolumes = false;
      const results = await verified.run();
      assert.deepEqual(idsOf(results, "failed"), ["assets.shared", "assets.served", "assets.survives"]);
      assert.equal(resultOf(results, "assets.shared").saw, "assets-node-b on node-b doesn't have the file");
      assert.equal(resultOf(results, "assets.served").saw, "assets-node-b on node-b answers 404");
      assert.match(
        resultOf(results, "assets.shared").look!,
        /^kubectl exec assets-node-b --namespace assets .* ls -la \S+\/assets\/$/,
      );
    });

    it("fails in the file and the row after the database's restart", async () => {
      verified.cluster.hasVolumes = false;
      const failed = idsOf(await verified.run({ isDisruptive: true }), "failed");
      assert.deepEqual(
        failed.filter((id) => id.startsWith("catalog")),
        ["catalog.file", "catalog.row"],
      );
    });
  });

  it("says that the API server doesn't reach a kubelet, without the request that it makes: a file's content is in that", async () => {
    // As an API server of Kubernetes 1.35 says it.
    verified.server.kubeletError =
      'Internal error occurred: error sending request: Post "https://10.0.1.7:10250/exec/assets/a/assets?command=sh&command=' +
      'printf+%25s": dial tcp 10.0.1.7:10250: i/o timeout';
    const results = await verified.run();
    const said =
      "Internal error occurred: error sending request: Post https://10.0.1.7:10250: dial tcp 10.0.1.7:10250: i/o timeout";
    const { saw, look } = resultOf(results, "assets.images");
    assert.deepEqual([saw, look], [said, "kubectl describe pods --namespace assets"]);
    assert.ok(
      results.every((it) => it.outcome !== "failed" || it.look),
      "each failure says where to look",
    );
    assert.equal(
      resultOf(results, "assets.served").saw,
      "the API server answered 502: perhaps it doesn't reach the node's kubelet, on port 10250",
    );
  });

  describe("with claims that aren't what the outputs say", () => {
    const cases: [what: string, break_: () => void, saw: RegExp, look: RegExp][] = [
      [
        "a claim that is Pending",
        () => {
          claim().status = { phase: "Pending" };
          verified.cluster.put({
            apiVersion: "v1",
            kind: "Event",
            metadata: { namespace: "assets", name: "e" },
            involvedObject: { kind: "PersistentVolumeClaim", name: outputs.pvcNames.assets },
            reason: "FailedBinding",
            message: "no persistent volumes available",
          });
        },
        /^it is Pending: FailedBinding: no persistent volumes available$/,
        /^kubectl describe pvc assets-1a2b3c4d --namespace assets$/,
      ],
      [
        "a claim that is missing",
        () => void verified.cluster.objects.delete(`PersistentVolumeClaim/assets/${outputs.pvcNames.assets}`),
        /^there is no such claim$/,
        /^kubectl get pvc --namespace assets$/,
      ],
      [
        "a volume that is gone",
        () => void verified.cluster.objects.delete(`PersistentVolume//pv-${outputs.pvcNames.assets}`),
        /^its volume pv-assets-1a2b3c4d is gone$/,
        /^kubectl describe pvc/,
      ],
      [
        "another access point",
        () => void (volume().spec.csi.volumeHandle = "fs-11111111::fsap-22222222"),
        /but that volume is fs-11111111::fsap-22222222$/,
        /^kubectl get pv pv-assets-1a2b3c4d --output yaml$/,
      ],
      [
        "another driver",
        () => void (volume().spec.csi.driver = "nfs.csi.k8s.io"),
        /but the driver is nfs\.csi\.k8s\.io$/,
        /^kubectl get pv/,
      ],
      [
        "no driver at all",
        () => void delete volume().spec.csi,
        /the driver is none, that volume is none of a driver$/,
        /^kubectl get pv/,
      ],
      [
        "another access mode",
        () => void (claim().spec.accessModes = ["ReadWriteOnce"]),
        /but it has ReadWriteOnce$/,
        /^kubectl get pv/,
      ],
      ["another class", () => void (claim().spec.storageClassName = "gp2"), /but its class is gp2$/, /^kubectl get pv/],
      [
        "another claim's volume",
        () => void (volume().spec.claimRef.uid = "other"),
        /but that volume is of another claim$/,
        /^kubectl get pv/,
      ],
    ];
    for (const [what, breakIt, saw, look] of cases) {
      it(`finds ${what}`, async () => {
        breakIt();
        const failure = await onlyFailure();
        assert.equal(failure.id, "claims.assets");
        assert.match(failure.saw, saw);
        assert.match(failure.look!, look);
      });
    }

    it("says that a claim isn't Bound where the events may not be read, too", async () => {
      claim().status = { phase: "Pending" };
      verified.server.refused = ["list events in assets"];
      const { id, saw } = await onlyFailure();
      assert.equal(id, "claims.assets");
      assert.match(
        saw,
        /^it is Pending: why, whoever runs this may not see: events is forbidden: User "reader" cannot list/,
      );
    });

    it("prints nothing of what others say that redraws a terminal, or begins a line", async () => {
      claim().status = { phase: "Pending" };
      verified.cluster.put({
        ...{ apiVersion: "v1", kind: "Event", reason: "FailedBinding", metadata: { namespace: "assets", name: "e" } },
        involvedObject: { kind: "PersistentVolumeClaim", name: outputs.pvcNames.assets },
        message: "no\u001b[2J volumes\n::set-output name=x::y\u202e",
      });
      const { saw } = await onlyFailure();
      assert.equal(saw, "it is Pending: FailedBinding: no\\u001b[2J volumes ::set-output name=x::y\\u202e");
    });

    it("takes a volume that the class has made, on the same file system", async () => {
      claim().spec.storageClassName = "efs";
      volume().spec.csi.volumeHandle = "fs-11111111::fsap-33333333";
      assert.equal(resultOf(await verified.run(), "claims.assets").outcome, "passed");
      volume().spec.csi.volumeHandle = "fs-22222222::fsap-33333333";
      assert.equal((await onlyFailure()).id, "claims.assets");
    });
  });

  describe("with drivers that don't work", () => {
    const found = async (breakIt: () => void) => {
      breakIt();
      return onlyFailure();
    };

    it("names each node without a Ready pod, or where the driver isn't registered", async () => {
      const { cluster } = verified;
      const missing = await found(() => cluster.objects.delete("Pod/kube-system/efs-csi-node-node-b"));
      assert.deepEqual([missing.id, missing.saw], ["drivers.efs", "node-b: it has no pod"]);
      assert.match(missing.look!, /^kubectl get pods --namespace kube-system --selector app=efs-csi-node/);
      cluster.find("CSINode", "node-a")!.spec.drivers.shift();
      assert.equal(
        (await onlyFailure()).saw,
        "node-a: efs-csi-node-node-a hasn't registered the driver; node-b: it has no pod",
      );
    });

    it("names a pod that crashes, and where its words are", async () => {
      const { saw, look } = await found(() => {
        verified.cluster.find("Pod", "ebs-csi-node-node-a", "kube-system")!.status = crashing("ebs-plugin");
      });
      assert.equal(saw, "node-a: ebs-csi-node-node-a is CrashLoopBackOff: ebs-plugin ended with 3, 7 restarts");
      assert.equal(look, "kubectl logs ebs-csi-node-node-a --namespace kube-system --container ebs-plugin --previous");
    });

    it("misses a driver that isn't installed", async () => {
      const { saw, look } = await found(
        () => void verified.cluster.objects.delete("DaemonSet/kube-system/ebs-csi-node"),
      );
      assert.equal(saw, "there is no DaemonSet kube-system/ebs-csi-node");
      assert.equal(look, "aws eks list-addons --cluster-name eks-storage-dev");
    });

    it("misses a mount target, and doesn't ask where AWS may not be asked", async () => {
      verified.aws["efs describe-mount-targets"] = {
        MountTargets: [{ AvailabilityZoneName: "eu-west-1a", LifeCycleState: "creating" }],
      };
      const { id, saw } = await onlyFailure();
      assert.deepEqual([id, saw], ["mountTargets.zones", "eu-west-1a: creating; eu-west-1b: none"]);
      verified.aws["efs describe-mount-targets"] = "An error occurred (AccessDenied)\nwhen calling …";
      const results = await verified.run();
      const { outcome, isBlocked, saw: why } = resultOf(results, "mountTargets.zones");
      assert.deepEqual(
        [outcome, isBlocked, why],
        ["not run", undefined, "AWS can't be asked: An error occurred (AccessDenied) when calling …"],
      );
    });

    it("misses a file system that is gone, unless another account is asked", async () => {
      const said = "An error occurred (FileSystemNotFound) when calling the DescribeMountTargets operation: gone";
      verified.aws["efs describe-mount-targets"] = said;
      verified.aws["sts get-caller-identity"] = { Account: "111101013333" };
      const { id, saw, look } = await onlyFailure();
      assert.deepEqual([id, saw], ["mountTargets.zones", `there is no fs-11111111: ${said}`]);
      assert.equal(look, "aws efs describe-file-systems --region eu-west-1");
      verified.aws["sts get-caller-identity"] = { Account: "222202023333" };
      const { outcome, saw: why } = resultOf(await verified.run(), "mountTargets.zones");
      const another = "the file system is of the account 111101013333, and AWS looks in 222202023333";
      assert.deepEqual([outcome, why], ["not run", another]);
    });

    it("fails of a cluster without nodes: nothing can be said of each of them", async () => {
      for (const it of verified.cluster.all("Node")) verified.cluster.objects.delete(`Node//${it.metadata.name}`);
      const results = await verified.run();
      for (const id of ["drivers.efs", "drivers.ebs", "mountTargets.zones"]) {
        const { outcome, saw, look } = resultOf(results, id);
        assert.deepEqual([outcome, saw, look], ["failed", "there are no nodes", "kubectl get nodes"]);
      }
    });
  });
});
