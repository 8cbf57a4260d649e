import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import * as storage from "../../../../components/index";
import { validateExamples } from "../../../../components/checks/examples";
import { refused } from "../../../support/queries";

const found = (value: unknown) => validateExamples({ value }).map(({ fix }) => fix);

describe("a value that is left from an example", () => {
  for (const network of [
    ...["192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "203.0.113.7/32", "203.0.113.7", "192.0.2.128/25"],
    ...["2001:db8::/32", "2001:db8:1::/48", "2001:0db8::1/128", "3fff::/20", "3fff:fff::/32"],
  ]) {
    it(`is found: ${network}`, () => {
      const standard = network.startsWith("2001") ? 3849 : network.startsWith("3fff") ? 9637 : 5737;
      assert.deepEqual(found([network]), [
        `Nobody has an address in ${network} (RFC ${standard}). Yours, with /32 after it: curl https://checkip.amazonaws.com`,
      ]);
    });
  }

  for (const accountId of [
    "111122223333",
    "123456789012",
    "444455556666",
    "777788889999",
    "999999999999",
    "012345678910",
  ])
    for (const value of [accountId, `arn:aws:iam::${accountId}:role/deployer`, `shop-assets-${accountId}`]) {
      it(`is found: ${value}`, () =>
        assert.deepEqual(found(value), [
          `AWS's documentation uses ${accountId} for examples. Yours: aws sts get-caller-identity --query Account --output text`,
        ]));
    }

  it("is named with all others of the argument, each once", () => {
    const role = (accountId: string) => `arn:aws:iam::${accountId}:role/a`;
    const values = [role("111122223333"), role("111122223333"), role("444455556666"), role("200000000003")];
    assert.match(
      found(values).join("\n"),
      /^AWS's documentation uses 111122223333, 444455556666 for examples\. [^\n]*$/,
    );
    assert.match(
      found(["192.0.2.0/24", "198.51.100.0/24"]).join("\n"),
      /in 192\.0\.2\.0\/24, 198\.51\.100\.0\/24 \(RFC 5737\)\./,
    );
  });

  it("is nothing that somebody may have", () => {
    const real = [
      ...[
        "203.0.112.0/24",
        "203.0.0.0/16",
        "198.51.0.0/16",
        "198.18.113.0/24",
        "8.8.8.8/32",
        "2001:db9::/32",
        "2a00::/16",
      ],
      ...["012345678901", "111122223334", "123412341234", "a111122223333", "1111222233334", "0123456789101"],
      ...["arn:aws:iam::123456789013:role/a", "1234abcd-12ab-34cd-56ef-1234567890ab", "elastic", ""],
    ];
    assert.deepEqual(found(real), []);
    assert.deepEqual([found(undefined), found(42), found([undefined, 7])], [[], [], []]);
  });
});

const watched = { fileSystemId: "fs-11111111", backupVaultName: "shop" };

/** Each component that takes a network or an account, with an example in it. */
const accountId = "111122223333";
const retention = storage.Retention.Delete;
const zones = ["eu-west-1a", "eu-west-1b"];
const doors: Record<string, [argument: string, make: (name: string) => pulumi.ComponentResource][]> = {
  Cluster: [
    ["apiAccessCidrs", (name) => cluster(name, { apiAccessCidrs: ["203.0.113.0/24"] })],
    [
      "accessEntries.a.principalArn",
      (name) =>
        cluster(name, {
          accessEntries: {
            a: { principalArn: `arn:aws:iam::${accountId}:role/a`, access: storage.ClusterAccess.View },
          },
        }),
    ],
  ],
  EncryptionKey: [["accountId", (name) => new storage.EncryptionKey(name, { alias: "shop", accountId, retention })]],
  Backups: [
    [
      "accountId",
      (name) =>
        new storage.Backups(name, { vaultName: "shop", accountId, tagValue: "a", retentionInDays: 7, retention }),
    ],
  ],
  ExistingFileSystem: [
    [
      "accountId",
      (name) =>
        new storage.ExistingFileSystem(name, {
          ...{ fileSystemId: "fs-11111111", securityGroupId: "sg-11111111", region: "eu-west-1", accountId },
          ...{ vpcId: "vpc-11111111", zones, subnetIds: {}, accessPoints: {}, retention },
        }),
    ],
  ],
  CsiDriver: [
    [
      "diskSource.accountId",
      (name) =>
        new storage.CsiDriver(name, {
          ...{ kind: storage.CsiDriverKind.Ebs, clusterName: "shop", version: "v1.64.0-eksbuild.1" },
          ...{ kubeconfig: "", region: "eu-west-1", diskSource: { snapshotId: "snap-11111111", accountId } },
        }),
    ],
  ],
  Alarms: [
    [
      "topicArn",
      (name) => new storage.Alarms(name, { topicArn: `arn:aws:sns:eu-west-1:${accountId}:storage`, ...watched }),
    ],
  ],
};

function cluster(name: string, changes: Partial<storage.ClusterArgs>): storage.Cluster {
  return new storage.Cluster(name, {
    clusterName: "shop",
    kubernetesVersion: "1.35",
    vpcId: "vpc-11111111",
    zones,
    controlPlaneZones: zones,
    privateSubnetIds: { "eu-west-1a": "subnet-11111111", "eu-west-1b": "subnet-22222222" },
    apiAccessCidrs: ["198.18.113.0/24"],
    addonVersions: {
      vpcCni: "v1.21.1-eksbuild.1",
      kubeProxy: "v1.35.0-eksbuild.2",
      coredns: "v1.13.1-eksbuild.1",
      podIdentityAgent: "v1.3.10-eksbuild.2",
    },
    retention,
    ...changes,
  });
}

describe("a component refuses it, too:", () => {
  for (const [component, arguments_] of Object.entries(doors))
    for (const [argument, make] of arguments_) {
      it(`${component}, ${argument}`, async () => {
        const [title, line, ...others] = (await refused(() => void make("a"))).split("\n");
        assert.equal(title, `${component} "a" has an argument that can't work:`);
        assert.ok(line!.startsWith(`  - ${argument} must be your own, not an example's; it is `), line);
        assert.equal(others.length, 1);
      });
    }
});
