import assert from "node:assert/strict";
import type * as pulumi from "@pulumi/pulumi";
import { PodCredentials } from "../../../../components/csi/podCredentials";
import { type ApiServer, forbidden } from "../../../support/apiServer";
import { codeOf, withCluster } from "../../../support/stateCode";
import { whileTimeFlies } from "../../../support/time";

const PODS = "/api/v1/namespaces/kube-system/pods";
const ACCOUNT = "ebs-csi-controller-sa";

/** As a driver's pods are: with a container that nobody gives credentials to a second one's are enough. */
const pod = (name: string, hasCredentials: boolean, serviceAccountName = ACCOUNT, metadata = {}) => ({
  metadata: { name, ...metadata },
  spec: {
    serviceAccountName,
    containers: [
      { name: "sidecar" },
      { name: "driver", env: hasCredentials ? [{ name: "AWS_CONTAINER_CREDENTIALS_FULL_URI" }] : [{ name: "OTHER" }] },
    ],
  },
});

describe("PodCredentials", () => {
  let code: Required<pulumi.dynamic.ResourceProvider>;
  const args = { addonName: "aws-ebs-csi-driver", serviceAccounts: [ACCOUNT] };

  before(async () => {
    code = await codeOf(() => new PodCredentials("credentials", { ...args, kubeconfig: "{}" }, {}));
  });

  /** What the cluster has deleted, where each deleted pod is made anew, with credentials from the given attempt on. */
  function controller(cluster: ApiServer, effectiveFrom: number, isSlow = false): string[] {
    const deleted: string[] = [];
    const coming: [pod: object, looks: number][] = [];
    cluster.instead = (path, { method }) => {
      if (method !== "DELETE") {
        for (const it of coming.filter((one) => --one[1] === 0)) cluster.contents[PODS]!.push(it[0]);
        return undefined;
      }
      const name = path.slice(`${PODS}/`.length);
      deleted.push(name);
      const others = cluster.contents[PODS]!.filter((it) => (it as ReturnType<typeof pod>).metadata.name !== name);
      const anew = pod(`${name}'`, deleted.length >= effectiveFrom);
      cluster.contents[PODS] = isSlow ? others : [...others, anew];
      if (isSlow) coming.push([anew, 3]);
      return { status: 200, body: { kind: "Pod" } };
    };
    return deleted;
  }

  const create = (cluster: ApiServer) => code.create({ ...args, kubeconfig: cluster.kubeconfig() });

  it("lets pods be that have credentials, that are others', that have nothing to do with AWS or that end", async () => {
    const pods = [
      pod("a", true),
      pod("b", false, "coredns"),
      pod("c", false, ACCOUNT, { deletionTimestamp: "2026-11-29T00:00:00Z" }),
    ];
    const printed = await withCluster({ [PODS]: pods }, async (cluster) => {
      const deleted = controller(cluster, 1);
      const { id } = await create(cluster);
      assert.deepEqual([id, deleted, cluster.asked], ["aws-ebs-csi-driver", [], 1]);
    });
    assert.deepEqual(printed, []);
  });

  it("restarts those that were made before the association was effective, until their successors have credentials", async () => {
    const pods = [pod("a", false), pod("b", true)];
    const printed = await withCluster({ [PODS]: pods }, async (cluster) => {
      const deleted = controller(cluster, 3);
      await whileTimeFlies(() => create(cluster));
      assert.deepEqual(deleted, ["a", "a'", "a''"]);
    });
    assert.deepEqual(
      printed[0],
      "Credentials of aws-ebs-csi-driver: restarts a, made before the association was effective",
    );
    assert.equal(printed.length, 3);
  });

  it("waits for a successor that takes its time", async () => {
    await withCluster({ [PODS]: [pod("a", false)] }, async (cluster) => {
      controller(cluster, 1, true);
      await whileTimeFlies(() => create(cluster));
      assert.deepEqual(
        cluster.contents[PODS]!.map((it) => (it as ReturnType<typeof pod>).metadata.name),
        ["a'"],
      );
    });
  });

  it("gives up after five minutes, with the pods' names and what to look at", async () => {
    await withCluster({ [PODS]: [pod("a", false)] }, async (cluster) => {
      controller(cluster, Infinity);
      const seconds = await whileTimeFlies(() =>
        assert.rejects(create(cluster), ({ message, stack }: Error) => {
          assert.match(
            message,
            /^After 5 min these pods of aws-ebs-csi-driver still start without credentials:\n {2}- kube-system\/a'+\nTheir Pod Identity associations take no effect\. See that the service accounts ebs-csi-controller-sa have one \(aws eks list-pod-identity-associations\), and run pulumi up again\.$/,
          );
          assert.equal(stack, "");
          return true;
        }),
      );
      assert.ok(seconds >= 300 && seconds < 310, `${seconds} s`);
    });
  });

  it("says why where the cluster can't be asked, or doesn't let it restart them", async () => {
    await withCluster({ [PODS]: [] }, async (cluster) => {
      cluster.instead = () => forbidden("ana", "pods");
      await whileTimeFlies(() =>
        assert.rejects(create(cluster), /^Error: Nobody knows whether the pods .*: ana may not list pods \(403\)/),
      );
    });
    await withCluster({ [PODS]: [pod("a", false)] }, async (cluster) => {
      cluster.instead = (_, { method }) => (method === "DELETE" ? forbidden("ana", "pods") : undefined);
      await whileTimeFlies(() => assert.rejects(create(cluster), /DELETE \S+\/pods\/a was answered with 403/));
    });
  });

  it("takes a pod that is gone meanwhile for restarted", async () => {
    await withCluster({ [PODS]: [pod("a", false)] }, async (cluster) => {
      cluster.instead = (_, { method }) => {
        if (method !== "DELETE") return undefined;
        cluster.contents[PODS] = [pod("b", true)];
        return { status: 404, body: { kind: "Status" } };
      };
      await whileTimeFlies(() => create(cluster));
    });
  });

  it("looks again where something of it changes, its code too, and never replaces itself for that", async () => {
    const olds = { ...args, kubeconfig: "{}", __provider: "code" };
    const changed = async (news: object) => {
      const { changes, replaces } = await code.diff("id", olds, { ...olds, ...news });
      return [changes, replaces];
    };
    assert.deepEqual(await changed({}), [false, []]);
    for (const news of [{ kubeconfig: "{ }" }, { __provider: "other" }, { serviceAccounts: ["other"] }])
      assert.deepEqual(await changed(news), [true, []]);
    assert.deepEqual(await changed({ addonName: "other" }), [true, ["addonName"]]);
    await withCluster({ [PODS]: [pod("a", false)] }, async (cluster) => {
      const deleted = controller(cluster, 1);
      const news = { ...olds, kubeconfig: cluster.kubeconfig() };
      await whileTimeFlies(async () => assert.deepEqual((await code.update("id", olds, news)).outs, news));
      assert.deepEqual(deleted, ["a"]);
    });
  });
});
