import { FILE_SYSTEM, fileSystemDeniesWithoutTls, isReplica } from "../aws";
import { type Policy, Severity } from "../policy";

export const efsFileSystem: Policy[] = [
  {
    name: "efs-encrypted",
    description: "An EFS file system encrypts its files.",
    severity: Severity.High,
    standards: ["AWS Security Hub EFS.1", "AWS Security Hub EFS.8", "Checkov CKV_AWS_42"],
    fix: ["Set encrypted to true.", "This replaces an existing file system: copy its files first."],
    url: "https://docs.aws.amazon.com/efs/latest/ug/encryption-at-rest.html",
    example: { wrong: "new aws.efs.FileSystem(name)", right: "new aws.efs.FileSystem(name, { encrypted: true })" },
    types: [FILE_SYSTEM],
    *check({ props }) {
      if (props.encrypted !== true) yield "encrypted is not true";
    },
  },
  {
    name: "efs-not-one-zone",
    description: "An EFS file system keeps its files in several availability zones.",
    severity: Severity.High,
    standards: [],
    fix: ["Remove availabilityZoneName. This replaces the file system: copy its files first."],
    url: "https://docs.aws.amazon.com/efs/latest/ug/availability-durability.html",
    example: { wrong: '{ availabilityZoneName: "eu-west-1a" }', right: "{ encrypted: true }" },
    types: [FILE_SYSTEM],
    *check({ props }) {
      if (props.availabilityZoneName) yield "availabilityZoneName is set: all files are in one zone";
    },
  },
  {
    name: "efs-not-bursting",
    description: "An EFS file system's throughput doesn't depend on burst credits.",
    severity: Severity.Medium,
    standards: [],
    fix: ["Set throughputMode to elastic, or to provisioned with provisionedThroughputInMibps."],
    url: "https://docs.aws.amazon.com/efs/latest/ug/performance.html#throughput-modes",
    example: { wrong: '{ throughputMode: "bursting" }', right: '{ throughputMode: "elastic" }' },
    types: [FILE_SYSTEM],
    *check({ props }) {
      if (!["elastic", "provisioned"].includes(props.throughputMode as string)) {
        yield `throughputMode is ${props.throughputMode ?? "left out, which means bursting"}`;
      }
    },
  },
  {
    name: "efs-refuses-plain-transport",
    description: "An EFS file system denies access without TLS.",
    severity: Severity.High,
    standards: [],
    fix: [
      "Add a FileSystemPolicy that denies everything where aws:SecureTransport is false.",
      "A policy replaces the default, which allows every client to mount: allow the clients in it.",
    ],
    url: "https://docs.aws.amazon.com/efs/latest/ug/iam-access-control-nfs-efs.html",
    example: {
      wrong: "new aws.efs.FileSystem(name, { encrypted: true }) // and no FileSystemPolicy",
      right:
        '{ Effect: "Deny", Principal: { AWS: "*" }, Action: "*", Condition: { Bool: { "aws:SecureTransport": "false" } } }',
    },
    types: [FILE_SYSTEM],
    *checkInStack(resource, stack) {
      if (isReplica(resource, stack)) return;
      const policies = stack.referring(resource, "fileSystemId", "aws:efs/fileSystemPolicy:FileSystemPolicy");
      if (policies.length === 0) yield "it has no policy";
      else if (!policies.some(({ props }) => fileSystemDeniesWithoutTls(props.policy))) {
        yield "its policy denies nothing where aws:SecureTransport is false";
      }
    },
  },
];
