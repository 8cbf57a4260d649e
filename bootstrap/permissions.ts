import * as fs from "node:fs";
import * as path from "node:path";

export interface Statement {
  Sid?: string;
  Effect: "Allow" | "Deny";
  Action?: string[];
  NotAction?: string[];
  Resource: string | string[];
  Condition?: object;
}

export interface PolicyDocument {
  Version: string;
  Statement: Statement[];
}

/** Whose a policy is to be: what takes the place of the examples in docs/permissions. */
export interface Owner {
  accountId: string;
  partition: string;
  /** What the stack's resources are named after. */
  name: string;
}

const DIRECTORY = path.join(__dirname, "..", "docs", "permissions");

/** What each role may do to the stack itself: files of docs/permissions, without their ending. */
export const FILES = { preview: ["previewer"], deploy: ["previewer", "deployer", "deployerEc2"] };

/** Characters of a managed policy: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const LONGEST = 6144;

/** A page's policy as this account's, for one stack; in several parts where it would be too long for AWS. */
export function policiesOf(file: string, { accountId, partition, name }: Owner): PolicyDocument[] {
  const text = fs
    .readFileSync(path.join(DIRECTORY, `${file}.json`), "utf8")
    .replaceAll(/\barn:aws(?=:)/g, `arn:${partition}`)
    .replaceAll("111122223333", accountId)
    .replaceAll("eks-storage-*", `${name}*`);
  return parts(JSON.parse(text) as PolicyDocument);
}

function parts({ Version, Statement: statements }: PolicyDocument): PolicyDocument[] {
  const documents: PolicyDocument[] = [{ Version, Statement: [] }];
  for (const statement of statements) {
    const last = documents.at(-1)!.Statement;
    if (lengthOf({ Version, Statement: [...last, statement] }) <= LONGEST) last.push(statement);
    else documents.push({ Version, Statement: [statement] });
  }
  return documents;
}

/** AWS doesn't count white space. */
// eslint-disable-next-line no-restricted-syntax -- it holds no outputs
export const lengthOf = (document: PolicyDocument): number => JSON.stringify(document).replaceAll(/\s/g, "").length;

/** Where a stack's state is, and what encrypts it. */
export interface State {
  bucketArn: string;
  keyArn: string;
}

/**
 * What no role that a deployer makes may pass, whatever its own policies allow: a deployer writes those, and may name itself
 * as who takes the role. Such a role can do anything but change who may do what, hand on or take roles that aren't below
 * role/storage, and touch the states of all stacks. AWS's services need the three actions on roles
 * (https://docs.aws.amazon.com/aws-backup/latest/devguide/security-iam-awsmanpol.html).
 */
export function boundary(
  { bucketArn, keyArn }: State,
  { accountId, partition }: Pick<Owner, "accountId" | "partition">,
): PolicyDocument {
  const [made, services] = ["storage", "aws-service-role"].map(
    (directory) => `arn:${partition}:iam::${accountId}:role/${directory}/*`,
  ) as [string, string];
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "AllButRights",
        Effect: "Allow",
        NotAction: ["account:*", "iam:*", "organizations:*", "sts:AssumeRole"],
        Resource: "*",
      },
      { Sid: "LooksAtRoles", Effect: "Allow", Action: ["iam:GetRole"], Resource: "*" },
      { Sid: "TakesRoles", Effect: "Allow", Action: ["sts:AssumeRole"], Resource: made },
      { Sid: "PassesRoles", Effect: "Allow", Action: ["iam:PassRole"], Resource: [made, services] },
      { Sid: "ForServices", Effect: "Allow", Action: ["iam:CreateServiceLinkedRole"], Resource: services },
      { Sid: "KeepsTheStates", Effect: "Deny", Action: ["s3:*"], Resource: [bucketArn, `${bucketArn}/*`] },
      {
        // Through an access point a bucket's objects have other ARNs.
        Sid: "NoOtherWayToThem",
        Effect: "Deny",
        Action: ["s3:CreateAccessPoint", "s3:CreateMultiRegionAccessPoint"],
        Resource: "*",
      },
      { Sid: "KeepsTheKey", Effect: "Deny", Action: ["kms:*"], Resource: keyArn },
    ],
  };
}

/** The project, by which the state's objects are named: the root's Pulumi.yaml. */
const PROJECT = "eks-storage";

/**
 * What a role may do to its stack's state, and to no other's. A preview writes nothing and takes no lock.
 * https://github.com/pulumi/pulumi/blob/v3.251.0/pkg/backend/diy (store.go, lock.go, meta.go, stack_tags.go; Preview in backend.go)
 */
export function stateAccess(role: keyof typeof FILES, stack: string, { bucketArn, keyArn }: State): PolicyDocument {
  const at = (...names: string[]) => names.map((name) => `${bucketArn}/.pulumi/${name}`);
  const own = at(
    `stacks/${PROJECT}/${stack}.*`,
    `locks/organization/${PROJECT}/${stack}/*`,
    `history/${PROJECT}/${stack}/*`,
    `backups/${PROJECT}/${stack}/*`,
  );
  const read: Statement[] = [
    { Sid: "FindsState", Effect: "Allow", Action: ["s3:ListBucket"], Resource: bucketArn },
    { Sid: "ReadsState", Effect: "Allow", Action: ["s3:GetObject"], Resource: [...at("meta.yaml"), ...own] },
    { Sid: "DecryptsState", Effect: "Allow", Action: ["kms:Decrypt", "kms:DescribeKey"], Resource: keyArn },
  ];
  const write: Statement[] = [
    { Sid: "WritesState", Effect: "Allow", Action: ["s3:DeleteObject", "s3:PutObject"], Resource: own },
    { Sid: "EncryptsState", Effect: "Allow", Action: ["kms:Encrypt", "kms:GenerateDataKey"], Resource: keyArn },
    {
      // The deployer's own policy allows it, of keys whose ids nobody knows beforehand.
      Sid: "KeepsTheKey",
      Effect: "Deny",
      Action: ["kms:CreateGrant", "kms:PutKeyPolicy", "kms:ScheduleKeyDeletion"],
      Resource: keyArn,
    },
  ];
  return { Version: "2012-10-17", Statement: role === "deploy" ? [...read, ...write] : read };
}
