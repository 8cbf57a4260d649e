// A copy of a file system in Frankfurt.
import * as storage from "eks-storage";

const files = new storage.FileSystem("files", {
  vpcId: "vpc-0123456789abcdef0",
  zones: ["eu-west-1a", "eu-west-1b"],
  subnetIds: { "eu-west-1a": "subnet-0123456789abcdef0", "eu-west-1b": "subnet-0fedcba9876543210" },
  accessPoints: { images: { path: "/images", identity: { uid: 1000, gid: 1000 } } },
  retention: storage.Retention.Retain,
});
new storage.FileSystemReplica("copy", {
  sourceFileSystemId: files.fileSystemId,
  region: "eu-central-1",
  retention: storage.Retention.Retain,
});
