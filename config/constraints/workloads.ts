import { validateDriverTags } from "../../components/csi/driverChecks";
import { validateAccessPointPath } from "../../components/efs/accessPointPath";
import { validatePosixIdentity } from "../../components/efs/posixIdentity";
import { validateReplicas } from "../../components/workloads/replicas";
import { NAMING, validateStackName } from "../stackName";
import { listed, constraint } from "./constraint";

/** https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html#id_tags_naming_best_practices */
const TAGS = { most: 45, key: 128, value: 256 };

/** IAM, EFS and others allow these alone, as their API references' patterns say; EC2 would allow all. */
const TAG_CHARACTERS = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

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
    title: "Tags are valid in AWS, and leave room for the program's own.",
    reads: ["tags"],
    check: ({ tags }) => {
      const wrong = Object.entries(tags).filter(
        ([name, value]) => /^$|^aws:/i.test(name) || name.length > TAGS.key || value.length > TAGS.value,
      );
      if (wrong.length > 0) {
        return {
          expected: `names of 1 to ${TAGS.key} characters that don't begin with aws:, values of at most ${TAGS.value}`,
          fix: `Change ${listed(wrong.map(([name]) => `"${name.slice(0, 40)}"`))}.`,
        };
      }
      const strange = Object.entries(tags).filter((tag) => !tag.every((text) => TAG_CHARACTERS.test(text)));
      if (strange.length > 0) {
        return {
          expected: "letters, digits, spaces and _ . : / = + - @, in names and in values",
          fix: `IAM and EFS refuse others. Change ${listed(strange.map(([name]) => `"${name.slice(0, 40)}"`))}.`,
        };
      }
      const names = Object.keys(tags);
      const lower = (name: string) => name.toLowerCase();
      const same = names.filter((name) => names.some((other) => other !== name && lower(other) === lower(name)));
      if (same.length > 0) {
        return { expected: "names that differ in more than case", fix: `To IAM these are one tag: ${listed(same)}.` };
      }
      const reserved = validateDriverTags(names);
      if (reserved.length > 0) return reserved;
      return (
        names.length > TAGS.most && {
          expected: `at most ${TAGS.most} tags`,
          fix: "AWS allows 50 on a resource, and the program adds its own: remove some.",
        }
      );
    },
  }),
];
