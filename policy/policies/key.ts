import { durableTypes } from "../../components/retention/durable";
import { KEY } from "../aws";
import { STORAGE_CLASS } from "../kubernetes";
import { type Policy, Severity } from "../policy";
import { peek, type Resource, type Stack } from "../stack";

const LONGEST_WINDOW = 30;

/** The resources that hold data, and the path of their key. */
const ENCRYPTED: [type: string, path: string][] = [
  ...Object.entries(durableTypes).flatMap(([type, { keyPath }]): [string, string][] =>
    keyPath === undefined ? [] : [[type, keyPath]],
  ),
  // Of the disks that are made from it.
  [STORAGE_CLASS, "parameters.kmsKeyId"],
];

/** The resources that hold data which a key encrypts. */
function dataOf(key: Resource, stack: Stack): Resource[] {
  return ENCRYPTED.flatMap(([type, path]) => {
    if (path === "rules")
      return stack.all(type).filter(({ propertyDependencies }) => propertyDependencies[path]?.includes(key.urn));
    const withKey = stack.all(type).filter(({ props }) => peek(props, path) !== undefined);
    return withKey.filter((it) => stack.referred(it, path, KEY).candidates.includes(key));
  });
}

export const key: Policy[] = [
  {
    name: "keys-rotate",
    description: "A KMS key is rotated every year.",
    severity: Severity.Medium,
    standards: ["AWS Security Hub KMS.4", "Checkov CKV_AWS_7"],
    fix: ["Set enableKeyRotation to true. Existing data stays readable."],
    url: "https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html",
    example: { wrong: "new aws.kms.Key(name)", right: "new aws.kms.Key(name, { enableKeyRotation: true })" },
    types: [KEY],
    *check({ props }) {
      if ((props.customerMasterKeySpec ?? "SYMMETRIC_DEFAULT") !== "SYMMETRIC_DEFAULT") return;
      if (props.enableKeyRotation !== true) yield "enableKeyRotation is not true";
    },
  },
  {
    name: "keys-outlive-data",
    description: "A key is kept as long as the data that it encrypts.",
    severity: Severity.Critical,
    standards: ["AWS Security Hub KMS.3"],
    fix: [
      "Protect the key (protect: true), and keep it at destroy (retainOnDelete: true).",
      `Set deletionWindowInDays to ${LONGEST_WINDOW}.`,
    ],
    url: "https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html",
    example: {
      wrong: "new aws.kms.Key(name, args)",
      right: "new aws.kms.Key(name, args, { protect: true, retainOnDelete: true })",
    },
    types: [KEY],
    *checkInStack(key, stack) {
      const [data] = dataOf(key, stack);
      if (!data) return;
      if (!key.protect) yield `it encrypts ${data.name}, and is not protected`;
      const days = Number(key.props.deletionWindowInDays ?? LONGEST_WINDOW);
      if (days < LONGEST_WINDOW) yield `it encrypts ${data.name}, and deletionWindowInDays is ${days}`;
    },
  },
];
