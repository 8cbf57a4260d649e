import { type Rule, Severity } from "../rule";

const FILE_SYSTEM = "aws:efs/fileSystem:FileSystem";

export const fileSystem: Rule[] = [
  {
    name: "efs-encrypted",
    description: "An EFS file system encrypts its files.",
    severity: Severity.High,
    standards: ["AWS Security Hub EFS.1", "Checkov CKV_AWS_42"],
    mend: [
      "Set encrypted to true.",
      "It can't be changed later: AWS replaces the file system, so copy the files of one that holds any.",
    ],
    url: "https://docs.aws.amazon.com/efs/latest/ug/encryption-at-rest.html",
    example: { wrong: "new aws.efs.FileSystem(name)", right: "new aws.efs.FileSystem(name, { encrypted: true })" },
    types: [FILE_SYSTEM],
    *check({ props }) {
      if (props.encrypted !== true) yield "encrypted is not true";
    },
  },
];
