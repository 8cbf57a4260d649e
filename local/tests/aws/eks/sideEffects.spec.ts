import assert from "node:assert/strict";
import { Account } from "../../../aws/account";
import {
  createClusterResources,
  deleteClusterSecurityGroup,
  leaveInterfaces,
  writeClusterLogs,
  writeLateLogs,
} from "../../../aws/eks/sideEffects";
import type { AwsRecord } from "../../../aws/records";
import { record } from "../../support/apiErrorCases";
import { nodePolicies, wayOut } from "../../support/awsResources";

const vpcConfig = { clusterSecurityGroupId: "sg-cccccccc", vpcId: "vpc-11111111" };
const cluster = record("eks/cluster", "c", {
  name: "c",
  vpcConfig,
  bootstrapSelfManagedAddons: false,
  enabledClusterLogTypes: ["api"],
});
const ids = (records: AwsRecord[]) => records.map(({ id }) => id);

describe("what EKS does by itself", () => {
  it("makes a security group and a log group with a cluster", () => {
    const records: AwsRecord[] = [];
    createClusterResources(cluster, new Account(records));
    assert.deepEqual(ids(records), ["sg-cccccccc", "/aws/eks/c/cluster"]);
    assert.deepEqual(records[0]!.properties, { name: "eks-cluster-sg-c", vpcId: "vpc-11111111", ownedBy: "c" });
  });

  it("uses a log group that is there, makes one that isn't, and none for a cluster that writes no logs", () => {
    const records = [record("cloudwatch/logGroup", "/aws/eks/c/cluster")];
    const account = new Account(records);
    writeClusterLogs(cluster, account);
    assert.equal(records.length, 1);
    records.pop();
    writeClusterLogs({ ...cluster, properties: { enabledClusterLogTypes: [] } }, account);
    assert.deepEqual(records, []);
    writeClusterLogs(cluster, account);
    assert.deepEqual(ids(records), ["/aws/eks/c/cluster"]);
  });

  it("makes a deleted log group again from what comes late, without an expiry, if a cluster has written to it", () => {
    const group = record("cloudwatch/logGroup", "/aws/eks/c/cluster", { region: "eu-west-1", retentionInDays: 30 });
    const account = new Account([group], "111101013333");
    writeClusterLogs(cluster, account);
    account.remove(group);
    writeLateLogs(group, account);
    assert.deepEqual(account.records, [
      record("cloudwatch/logGroup", "/aws/eks/c/cluster", {
        name: "/aws/eks/c/cluster",
        region: "eu-west-1",
        arn: "arn:aws:logs:eu-west-1:111101013333:log-group:/aws/eks/c/cluster",
        retentionInDays: 0,
      }),
    ]);
    const unwritten = account.records.pop()!;
    writeLateLogs(unwritten, account);
    assert.deepEqual(account.records, []);
  });

  it("deletes the security group with the cluster, unless a rule of another group names it", () => {
    const own = record("ec2/securityGroup", "sg-cccccccc", { ownedBy: "c" });
    const rule = record("vpc/securityGroupIngressRule", "r", {
      securityGroupId: "sg-efs",
      referencedSecurityGroupId: "sg-cccccccc",
    });
    for (const [records, left] of [
      [[own], []],
      [
        [own, rule],
        ["sg-cccccccc", "r"],
      ],
    ] as const) {
      const there = [...records];
      deleteClusterSecurityGroup(cluster, new Account(there));
      assert.deepEqual(ids(there), left);
    }
  });

  describe("leaves network interfaces", () => {
    const right = [
      cluster,
      record("eks/addon", "c:vpc-cni", { clusterName: "c", addonName: "vpc-cni" }),
      ...nodePolicies,
      ...wayOut,
    ];
    const group = (status = "ACTIVE") =>
      record(
        "eks/nodeGroup",
        "c:g",
        { clusterName: "c", nodeRoleArn: "arn:aws:iam::1:role/nodes", subnetIds: ["subnet-11111111"] },
        status,
      );
    const left = (records: AwsRecord[], status?: string) => {
      const account = new Account([...records]);
      leaveInterfaces(group(status), account);
      return account.all("ec2/networkInterface").map(({ properties }) => properties);
    };

    it("of no node group whose surroundings are still there, and of none that never had nodes", () => {
      assert.deepEqual(left(right), []);
      assert.deepEqual(left([cluster], "CREATE_FAILED"), []);
    });

    for (const missing of ["c:vpc-cni", "nodes/AmazonEKS_CNI_Policy", "nat-1"]) {
      it(`of a node group that is deleted after ${missing}`, () => {
        const properties = { subnetId: "subnet-11111111", groups: ["sg-cccccccc"] };
        assert.deepEqual(left(right.filter(({ id }) => id !== missing)), [properties]);
      });
    }
  });
});
