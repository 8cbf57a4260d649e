import { ACCESS_POINT, FILE_SYSTEM, isReplica, refusesPlainTransport } from "../aws";
import { claimsOf, containersOf, EFS_DRIVER, podOf, VOLUME, volumeOf, WORKLOADS } from "../kubernetes";
import { type Rule, Severity } from "../rule";

const BEST_PRACTICES = "https://docs.aws.amazon.com/efs/latest/ug/";

export const fileSystem: Rule[] = [
  {
    name: "efs-encrypted",
    description: "An EFS file system encrypts its files.",
    severity: Severity.High,
    standards: ["AWS Security Hub EFS.1", "AWS Security Hub EFS.8", "Checkov CKV_AWS_42"],
    mend: [
      "Set encrypted to true.",
      "It can't be changed later: AWS replaces the file system, so copy the files of one that holds any.",
    ],
    url: `${BEST_PRACTICES}encryption-at-rest.html`,
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
    mend: ["Leave availabilityZoneName out. That makes another file system: copy the files first."],
    url: `${BEST_PRACTICES}availability-durability.html`,
    example: { wrong: '{ availabilityZoneName: "eu-west-1a" }', right: "{ encrypted: true }" },
    types: [FILE_SYSTEM],
    *check({ props }) {
      if (props.availabilityZoneName) yield "its files are lost with the one zone that availabilityZoneName names";
    },
  },
  {
    name: "efs-not-bursting",
    description: "An EFS file system has throughput that doesn't run out with its credits.",
    severity: Severity.Medium,
    standards: [],
    mend: ["Set throughputMode to elastic, or to provisioned with provisionedThroughputInMibps."],
    url: `${BEST_PRACTICES}performance.html#throughput-modes`,
    example: { wrong: '{ throughputMode: "bursting" }', right: '{ throughputMode: "elastic" }' },
    types: [FILE_SYSTEM],
    *check({ props }) {
      if (!["elastic", "provisioned"].includes(props.throughputMode as string)) {
        yield `throughputMode is ${props.throughputMode ?? "left out, which means bursting"}`;
      }
    },
  },
  {
    name: "efs-access-point-identity",
    description: "An access point makes every client act as one user, who is not root.",
    severity: Severity.High,
    standards: ["AWS Security Hub EFS.4", "Checkov CKV_AWS_330"],
    mend: ["Set posixUser to the numeric user and group of the workload that mounts it."],
    url: `${BEST_PRACTICES}enforce-identity-access-points.html`,
    example: { wrong: "{ posixUser: { uid: 0, gid: 0 } }", right: "{ posixUser: { uid: 1000, gid: 1000 } }" },
    types: [ACCESS_POINT],
    *check({ props }) {
      if (props.posixUser === undefined) yield "posixUser is left out: clients are whoever they say they are";
      else if (Number(props.posixUser.uid) === 0) yield "posixUser.uid is 0, root";
      else if (Number(props.posixUser.gid) === 0) yield "posixUser.gid is 0, root's group";
    },
  },
  {
    name: "efs-access-point-path",
    description: "An access point shows a directory of its own, not the whole file system.",
    severity: Severity.High,
    standards: ["AWS Security Hub EFS.3", "Checkov CKV_AWS_329"],
    mend: ["Set rootDirectory.path to the workload's directory, with creationInfo for its first use."],
    url: `${BEST_PRACTICES}enforce-root-directory-access-point.html`,
    example: { wrong: '{ rootDirectory: { path: "/" } }', right: '{ rootDirectory: { path: "/assets" } }' },
    types: [ACCESS_POINT],
    *check({ props }) {
      if (["/", undefined].includes(props.rootDirectory?.path as string)) yield "rootDirectory.path is the root, /";
    },
  },
  {
    name: "efs-identity-matches-pod",
    description: "A pod runs as the user that its access point makes it.",
    severity: Severity.Medium,
    standards: [],
    mend: ["Set runAsUser and runAsGroup to the access point's posixUser, or the access point's to the pod's."],
    url: `${BEST_PRACTICES}enforce-identity-access-points.html`,
    example: {
      wrong: "{ securityContext: { runAsUser: 1000 } } // on an access point of user 999",
      right: "{ securityContext: { runAsUser: 999, runAsGroup: 999 } }",
    },
    types: WORKLOADS,
    *checkInStack(workload, stack) {
      for (const { spec, volume } of claimsOf(workload, stack)) {
        const bound = volumeOf(spec, stack);
        if (bound?.props.spec.csi?.driver !== EFS_DRIVER) continue;
        const { among } = stack.referred(bound, "spec.csi.volumeHandle", ACCESS_POINT);
        const whole = podOf(workload).spec.securityContext;
        for (const { props, name } of among) {
          for (const container of containersOf(workload)) {
            if (!(container.volumeMounts ?? []).some((mount: any) => mount.name === volume)) continue;
            const uid = container.securityContext?.runAsUser ?? whole?.runAsUser;
            const gid = container.securityContext?.runAsGroup ?? whole?.runAsGroup;
            if (Number(uid) !== Number(props.posixUser?.uid) || Number(gid) !== Number(props.posixUser?.gid)) {
              yield `container ${container.name} runs as ${uid}:${gid}, access point ${name} acts as ${props.posixUser?.uid}:${props.posixUser?.gid}`;
            }
          }
        }
      }
    },
  },
  {
    name: "efs-refuses-plain-transport",
    description: "An EFS file system refuses clients that come without TLS.",
    severity: Severity.High,
    standards: [],
    mend: [
      "Give it a FileSystemPolicy that denies everything where aws:SecureTransport is false.",
      "Any policy ends the grant that everybody may mount: let the same policy say who may.",
    ],
    url: `${BEST_PRACTICES}iam-access-control-nfs-efs.html`,
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
      else if (!policies.some(({ props }) => refusesPlainTransport(props.policy))) {
        yield "its policy denies nothing where aws:SecureTransport is false";
      }
    },
  },
  {
    name: "efs-volume-over-tls",
    description: "A volume on EFS is mounted over TLS.",
    severity: Severity.High,
    standards: [],
    mend: ["Leave encryptInTransit out of volumeAttributes: the driver uses TLS unless it is told not to."],
    url: "https://github.com/kubernetes-sigs/aws-efs-csi-driver/blob/master/docs/README.md#encryption-in-transit",
    example: { wrong: 'volumeAttributes: { encryptInTransit: "false" }', right: "csi: { driver, volumeHandle }" },
    types: [VOLUME],
    *check({ props }) {
      if (props.spec.csi?.driver !== EFS_DRIVER) return;
      if (String(props.spec.csi.volumeAttributes?.encryptInTransit) === "false") yield "encryptInTransit is false";
    },
  },
];
