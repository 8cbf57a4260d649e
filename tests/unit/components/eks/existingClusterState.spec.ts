import assert from "node:assert/strict";
import { clusterApi } from "../../../../components/clusterApi/clusterApi";
import { nodesNotice } from "../../../../components/eks/existingClusterState";
import { ApiServer, forbidden } from "../../../support/apiServer";

const node = (zone: string, status: string) => ({
  metadata: { labels: { "topology.kubernetes.io/zone": zone } },
  status: {
    conditions: [
      { type: "MemoryPressure", status: "False" },
      { type: "Ready", status },
    ],
  },
});

describe("the nodes of a cluster of somebody else's", () => {
  let api: ApiServer;
  const notice = (...zones: string[]) => nodesNotice("shop", clusterApi(api.kubeconfig()), zones);
  before(async () => {
    api = await new ApiServer({ "/api/v1/nodes": [node("eu-west-1a", "True"), node("eu-west-1b", "Unknown")] }).start();
  });
  after(() => api.stop());

  it("are told of where none is ready in a zone that is used", async () => {
    assert.equal(
      await notice("eu-west-1a", "eu-west-1b", "eu-west-1c"),
      "The cluster shop has no node that is ready in eu-west-1b, eu-west-1c. Disks and mount targets are in a zone each: " +
        "pods that use them wait until there is one, which an autoscaler starts by itself.",
    );
  });

  it("aren't mentioned where there are some, where no zone is named, or where they may not be seen", async () => {
    assert.equal(await notice("eu-west-1a"), undefined);
    assert.equal(await notice(), undefined);
    api.instead = () => forbidden("deployer", "nodes");
    assert.equal(await notice("eu-west-1c"), undefined);
  });
});
