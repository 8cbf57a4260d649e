import { DISK, LAUNCH_TEMPLATE, listOf, SELECTION } from "../aws";
import { EBS_DRIVERS, STORAGE_CLASS } from "../kubernetes";
import { type Policy, Severity } from "../policy";
import { OutsideStack, peek, type Resource, type Stack } from "../stack";

const PARAMETERS = "https://github.com/kubernetes-sigs/aws-ebs-csi-driver/blob/master/docs/parameters.md";
const TAGGING = "https://github.com/kubernetes-sigs/aws-ebs-csi-driver/blob/master/docs/tagging.md";
const isEbs = ({ props }: Resource): boolean => EBS_DRIVERS.includes(props.provisioner as string);

/** The tags, as key=value, that backup plans of the stack select disks by. */
function backupTags(stack: Stack): string[] {
  return stack.all(SELECTION).flatMap(({ props }) => [
    ...listOf<any>(props.selectionTags).map(({ key, value }) => `${key}=${value}`),
    ...listOf<any>(props.conditions)
      .flatMap((condition) => listOf<any>(condition.stringEquals))
      .map(({ key, value }) => `${String(key).replace("aws:ResourceTag/", "")}=${value}`),
  ]);
}

const EVERY_DISK = /^(\*|arn:aws[a-z-]*:ec2:[^:]*:[^:]*:volume\/\*)$/;

/**
 * Whether a backup plan of the stack selects every disk, whatever its tags: by an ARN, without what narrows that down.
 * https://docs.aws.amazon.com/aws-backup/latest/devguide/API_BackupSelection.html
 */
const selectsEveryDisk = (stack: Stack): boolean =>
  stack.all(SELECTION).some(({ props }) => {
    const isNarrowed = ["conditions", "selectionTags", "notResources"].some(
      (key) => listOf(peek(props, key) ?? []).length,
    );
    const resources = peek(props, "resources");
    if (isNarrowed || !Array.isArray(resources)) return false;
    // An ARN that a preview doesn't know yet is of one resource that the stack makes, so it isn't that of every disk.
    return [...resources.keys()].some((index) => EVERY_DISK.test(String(peek(resources, String(index)))));
  });

export const ebs: Policy[] = [
  {
    name: "ebs-class-encrypted",
    description: "Disks of an EBS class are encrypted.",
    severity: Severity.High,
    standards: ["AWS Security Hub EC2.3", "Checkov CKV_AWS_3"],
    fix: ['Set parameters.encrypted to "true": the driver\'s own default is false.'],
    url: PARAMETERS,
    example: { wrong: '{ parameters: { type: "gp3" } }', right: '{ parameters: { type: "gp3", encrypted: "true" } }' },
    types: [STORAGE_CLASS],
    *check(resource) {
      if (!isEbs(resource)) return;
      const encrypted = resource.props.parameters?.encrypted;
      if (String(encrypted) !== "true") yield `parameters.encrypted is ${encrypted ?? "left out"}`;
    },
  },
  {
    name: "ebs-class-waits",
    description: "A disk is created in the zone of the first pod that needs it.",
    severity: Severity.High,
    standards: [],
    fix: ["Set volumeBindingMode to WaitForFirstConsumer: a disk can't leave its zone."],
    url: "https://kubernetes.io/docs/concepts/storage/storage-classes/#volume-binding-mode",
    example: { wrong: '{ volumeBindingMode: "Immediate" }', right: '{ volumeBindingMode: "WaitForFirstConsumer" }' },
    types: [STORAGE_CLASS],
    *check(resource) {
      const { volumeBindingMode } = resource.props;
      if (isEbs(resource) && volumeBindingMode !== "WaitForFirstConsumer") {
        yield `volumeBindingMode is ${volumeBindingMode ?? "left out, which means Immediate"}`;
      }
    },
  },
  {
    name: "ebs-class-expandable",
    description: "Disks of an EBS class can grow.",
    severity: Severity.Medium,
    standards: [],
    fix: ["Set allowVolumeExpansion to true; it changes in place."],
    url: "https://kubernetes.io/docs/concepts/storage/storage-classes/#allow-volume-expansion",
    example: { wrong: "{ allowVolumeExpansion: false }", right: "{ allowVolumeExpansion: true }" },
    types: [STORAGE_CLASS],
    *check(resource) {
      if (isEbs(resource) && resource.props.allowVolumeExpansion !== true) yield "allowVolumeExpansion is not true";
    },
  },
  {
    name: "ebs-class-tagged-for-backup",
    description: "Disks of an EBS class have the tag that a backup plan selects them by.",
    severity: Severity.High,
    standards: ["AWS Security Hub EC2.28", "Checkov CKV2_AWS_9"],
    fix: ["Set parameters.tagSpecification_1 to the key and value of a backup selection, as key=value."],
    url: TAGGING,
    example: { wrong: '{ type: "gp3" }', right: '{ type: "gp3", tagSpecification_1: "backup=daily" }' },
    types: [STORAGE_CLASS],
    *checkInStack(resource, stack) {
      if (!isEbs(resource)) return;
      const parameters = resource.props.parameters ?? {};
      const tags = Object.keys(parameters as object)
        .filter((key) => key.startsWith("tagSpecification_"))
        .map((key) => parameters[key] as string);
      if (stack.all(SELECTION).length === 0) {
        // Its plan may be another stack's, or the organization's.
        yield tags.length > 0 ? new OutsideStack("the backup plan") : "it has no tag that a backup plan could select";
        return;
      }
      const selected = backupTags(stack);
      if (selectsEveryDisk(stack)) return;
      if (selected.length === 0) yield "no backup selection of this stack names a tag";
      else if (!tags.some((tag) => selected.includes(tag))) {
        yield `its tags are ${tags.join(", ") || "none"}, and backups select ${selected.join(", ")}`;
      }
    },
  },
  {
    name: "disk-encrypted",
    description: "Disks are encrypted, those of the nodes too.",
    severity: Severity.High,
    standards: ["AWS Security Hub EC2.3", "AWS Security Hub EC2.181", "Checkov CKV_AWS_3"],
    fix: ["Set encrypted to true, on a launch template for each block device."],
    url: "https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption.html",
    example: { wrong: "{ ebs: { volumeSize: 50 } }", right: '{ ebs: { volumeSize: 50, encrypted: "true" } }' },
    types: [DISK, LAUNCH_TEMPLATE],
    *check({ type, props }) {
      if (type === DISK && props.encrypted !== true) yield "encrypted is not true";
      if (type === DISK) return;
      const devices = [...(props.blockDeviceMappings ?? [])];
      // Then the image and the account decide whether a node's disk is encrypted.
      if (devices.length === 0) yield "blockDeviceMappings is left out";
      for (const { deviceName, ebs } of devices) {
        if (ebs !== undefined && String(ebs.encrypted) !== "true") yield `${deviceName} is not encrypted`;
      }
    },
  },
];
