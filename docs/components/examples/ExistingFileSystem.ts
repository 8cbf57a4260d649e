// A directory on another team's file system, reached by the mount targets it has.
import * as pulumi from "@pulumi/pulumi";
import * as storage from "eks-storage";

const config = new pulumi.Config();
const accountId = config.require("accountId");

new storage.ExistingFileSystem("files", {
  fileSystemId: "fs-0123456789abcdef0",
  securityGroupId: "sg-0123456789abcdef0",
  region: "eu-west-1",
  accountId,
  vpcId: "vpc-0123456789abcdef0",
  zones: ["eu-west-1a", "eu-west-1b"],
  subnetIds: {},
  accessPoints: { images: { path: "/images", identity: { uid: 1000, gid: 1000 } } },
  retention: storage.Retention.Retain,
});
