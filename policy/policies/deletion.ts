import { durableTypesWith } from "../../components/retention/durable";
import { CLAIM, classOf, EFS_DRIVER, NAMESPACE, namespaceOf } from "../kubernetes";
import { type Policy, Severity } from "../policy";
import type { Resource, Stack } from "../stack";

/**
 * Whether data is lost with a claim: its disk is deleted, or no new claim finds it. An EFS class may name directories after
 * their claims; then the files are kept, and a new claim of the same name has them:
 * https://github.com/kubernetes-sigs/aws-efs-csi-driver/blob/master/docs/README.md#storage-class-parameters-for-dynamic-provisioning
 */
function holdsData({ props }: Resource, stack: Stack): boolean {
  if (props.spec.storageClassName === "") return false;
  const storageClass = classOf(props.spec, stack)?.props;
  return storageClass?.provisioner !== EFS_DRIVER || String(storageClass.parameters?.ensureUniqueDirectory) !== "false";
}

export const deletion: Policy[] = [
  {
    name: "durable-protected",
    description: "A resource that holds data is protected from deletion and replacement.",
    severity: Severity.High,
    standards: [],
    fix: ["Set the option protect to true.", "Set retainOnDelete to true: it keeps the data after protect is removed."],
    url: "https://www.pulumi.com/docs/iac/concepts/resources/options/protect/",
    example: {
      wrong: "new aws.efs.FileSystem(name, args)",
      right: "new aws.efs.FileSystem(name, args, { protect: true })",
    },
    types: durableTypesWith("holdsData"),
    *checkInStack(resource, stack) {
      if (resource.protect) return;
      if (resource.type === CLAIM && !holdsData(resource, stack)) return;
      if (resource.type !== NAMESPACE) return yield "protect is not true";
      const name = resource.props.metadata?.name;
      const claim = stack.all(CLAIM).find((it) => namespaceOf(it) === name && holdsData(it, stack));
      if (claim) yield `protect is not true, and the namespace is deleted with its claim ${claim.props.metadata?.name}`;
    },
  },
  {
    name: "nothing-force-destroyed",
    description: "No bucket, vault or repository is deleted together with its content.",
    severity: Severity.High,
    standards: [],
    fix: ["Remove forceDestroy or forceDelete."],
    url: "https://www.pulumi.com/registry/packages/aws/api-docs/s3/bucket/#forcedestroy_nodejs",
    example: { wrong: "{ forceDestroy: true }", right: "{}" },
    types: [...durableTypesWith("emptiedBy"), "aws:ecr/repository:Repository"],
    *check({ props }) {
      for (const key of ["forceDestroy", "forceDelete"]) if (props[key] === true) yield `${key} is true`;
    },
  },
];
