import { ACCESS_POINT } from "../aws";
import { type Policy, Severity } from "../policy";

export const efsAccessPoint: Policy[] = [
  {
    name: "efs-access-point-identity",
    description: "An access point has a POSIX user that is not root.",
    severity: Severity.High,
    standards: ["AWS Security Hub EFS.4", "Checkov CKV_AWS_330"],
    fix: ["Set posixUser to the numeric user and group of the workload that mounts it."],
    url: "https://docs.aws.amazon.com/efs/latest/ug/enforce-identity-access-points.html",
    example: { wrong: "{ posixUser: { uid: 0, gid: 0 } }", right: "{ posixUser: { uid: 1000, gid: 1000 } }" },
    types: [ACCESS_POINT],
    *check({ props }) {
      if (props.posixUser === undefined) yield "posixUser is left out: clients choose their own user";
      else if (Number(props.posixUser.uid) === 0) yield "posixUser.uid is 0, root";
      else if (Number(props.posixUser.gid) === 0) yield "posixUser.gid is 0, root's group";
    },
  },
  {
    name: "efs-access-point-path",
    description: "An access point has a root directory of its own, not that of the file system.",
    severity: Severity.High,
    standards: ["AWS Security Hub EFS.3", "Checkov CKV_AWS_329"],
    fix: ["Set rootDirectory.path to the workload's directory, with creationInfo for its first use."],
    url: "https://docs.aws.amazon.com/efs/latest/ug/enforce-root-directory-access-point.html",
    example: { wrong: '{ rootDirectory: { path: "/" } }', right: '{ rootDirectory: { path: "/assets" } }' },
    types: [ACCESS_POINT],
    *check({ props }) {
      if (["/", undefined].includes(props.rootDirectory?.path as string)) yield "rootDirectory.path is /";
    },
  },
];
