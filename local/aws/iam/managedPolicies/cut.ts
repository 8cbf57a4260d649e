import * as fs from "node:fs";
import * as path from "node:path";
import { copyInfo, readWheel } from "../../wheel";
import type { ManagedPolicy } from "./managedPolicies";

// Cuts out of the moto that moto.txt pins those of AWS's own policies that the program attaches. moto has every one of
// them as the API gave it. `npm run models`; needs Python with pip.

/**
 * Each with its path: without the right one it doesn't exist.
 * https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
 */
const ATTACHED = [
  "AmazonEBSCSIDriverPolicyV2",
  "AmazonEC2ContainerRegistryPullOnly",
  "AmazonEKSClusterPolicy",
  "AmazonEKSWorkerNodePolicy",
  "AmazonEKS_CNI_Policy",
  "AmazonElasticFileSystemClientReadWriteAccess",
  "CloudWatchAgentServerPolicy",
  "service-role/AWSBackupServiceRolePolicyForBackup",
  "service-role/AWSBackupServiceRolePolicyForRestores",
  "service-role/AmazonEFSCSIDriverPolicy",
];

/** A policy as moto has it: what the API's GetAccountAuthorizationDetails says. */
interface Found {
  DefaultVersionId: string;
  UpdateDate: string;
  Path: string;
  Document: ManagedPolicy["document"];
}

/** moto has them as JSON in the only text of a Python file. */
function readPolicies(directory: string): Record<string, Found> {
  const text = fs.readFileSync(path.join(directory, "moto", "iam", "aws_managed_policies.py"), "utf8");
  return JSON.parse(text.split('"""')[1]!) as Record<string, Found>;
}

/** JSON with one statement a line, so that a difference can be read. */
function print(policies: Record<string, ManagedPolicy>): string {
  const printed = Object.entries(policies).map(([arn, { version, updated, document }]) => {
    const statements = document.Statement.map((statement) => `        ${JSON.stringify(statement)}`).join(",\n");
    return [
      `  ${JSON.stringify(arn)}: {\n`,
      `    "version": ${JSON.stringify(version)},\n    "updated": ${JSON.stringify(updated)},\n`,
      `    "document": {\n      "Version": ${JSON.stringify(document.Version)},\n`,
      `      "Statement": [\n${statements}\n      ]\n    }\n  }`,
    ].join("");
  });
  return `{\n${printed.join(",\n")}\n}\n`;
}

readWheel(path.join(__dirname, "moto.txt"), (directory) => {
  const found = readPolicies(directory);
  const policies: Record<string, ManagedPolicy> = {};
  for (const name of ATTACHED) {
    const policy = found[path.basename(name)];
    if (!policy || `${policy.Path}${path.basename(name)}` !== `/${name}`) throw new Error(`moto has no policy ${name}`);
    const { DefaultVersionId: version, UpdateDate: updated, Document: document } = policy;
    policies[`arn:aws:iam::aws:policy/${name}`] = { version, updated, document };
  }
  fs.writeFileSync(path.join(__dirname, "policies.json"), print(policies));
  copyInfo(directory, path.join("licenses", "LICENSE"), path.join(__dirname, "LICENSE"));
});
