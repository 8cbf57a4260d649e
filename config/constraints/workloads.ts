import { validateAccessPointPath } from "../../components/efs/accessPointPath";
import { validatePosixIdentity } from "../../components/efs/posixIdentity";
import { Tagged, validateTags } from "../../components/tags/tagRules";
import { validateReplicas } from "../../components/workloads/replicas";
import { NAMING, validateStackName } from "../stackName";
import { constraint } from "./constraint";

/** Those of the program, which a stack's tags are beside: config/choices.ts. */
const OWN_TAGS = ["project", "environment"];

export const workloadConstraints = [
  constraint({
    id: "assets-path",
    key: "assetsPath",
    title: "The assets' path is one that an access point can have.",
    reads: ["assetsPath"],
    check: ({ assetsPath }) => validateAccessPointPath(assetsPath, "assetsPath"),
  }),
  constraint({
    id: "assets-identity",
    key: "assetsUid",
    title: "The assets' files belong to a user and a group, never to root.",
    reads: ["assetsUid", "assetsGid"],
    check: ({ assetsUid, assetsGid }) =>
      validatePosixIdentity({ uid: assetsUid, gid: assetsGid }, { uid: "assetsUid", gid: "assetsGid" }),
  }),
  constraint({
    id: "assets-replicas",
    key: "assetsReplicas",
    title: "The assets run in at least one pod.",
    reads: ["assetsReplicas"],
    check: ({ assetsReplicas }) => validateReplicas(assetsReplicas, "assetsReplicas"),
  }),
  constraint({
    id: "catalog-replicas",
    key: "catalogReplicas",
    title: "The catalog runs in at least one pod.",
    reads: ["catalogReplicas"],
    check: ({ catalogReplicas }) => validateReplicas(catalogReplicas, "catalogReplicas"),
  }),
  constraint({
    id: "name",
    key: "name",
    title: "No name that is made of the stack's is longer than AWS allows.",
    reads: NAMING,
    check: (settings, { project, stack }) => validateStackName(settings, project, stack),
  }),
  constraint({
    id: "tags",
    key: "tags",
    title:
      "Tags are valid in AWS and to the EBS driver, overwrite nothing, and leave room for those of the program, EKS and the driver.",
    reads: ["tags"],
    check: ({ tags }) => validateTags(tags, [Tagged.Resources, Tagged.Nodes, Tagged.Disks], OWN_TAGS),
  }),
];
