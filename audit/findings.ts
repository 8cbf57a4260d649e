/** Whose a resource is. */
export const Owner = {
  /** Somebody made it with the program, and it wasn't deleted with the rest. */
  Stack: "stack",
  /** A driver, a controller, EKS or a node made it for the stack. */
  Driver: "driver",
  /** Nobody of the stack made it, but it uses what the stack made, which can't be deleted before. */
  Other: "other",
  /** `retention` keeps it, or the program always does. */
  Kept: "kept",
} as const;
export type Owner = (typeof Owner)[keyof typeof Owner];

interface KindFacts {
  /** Whether AWS charges for it as long as it is there. */
  costs: boolean;
  /** What AWS deletes only after it. */
  blocks?: string;
}

/**
 * What is looked for, by what AWS calls it. https://aws.amazon.com/efs/pricing, /ebs/pricing, /backup/pricing, /kms/pricing,
 * /vpc/pricing, /s3/pricing, /cloudwatch/pricing, /eks/pricing, /elasticloadbalancing/pricing have what costs.
 */
export const kinds = {
  cluster: { costs: true, blocks: "its VPC" },
  instance: { costs: true, blocks: "its VPC" },
  "file system": { costs: true },
  "access point": { costs: false, blocks: "its file system" },
  volume: { costs: true },
  snapshot: { costs: true },
  "backup vault": { costs: false },
  "recovery point": { costs: true, blocks: "its vault" },
  bucket: { costs: true },
  VPC: { costs: false },
  "NAT gateway": { costs: true, blocks: "its VPC" },
  address: { costs: true },
  "load balancer": { costs: true, blocks: "its VPC" },
  "network interface": { costs: false, blocks: "its subnet" },
  "security group": { costs: false, blocks: "its VPC" },
  "log group": { costs: true },
  key: { costs: true },
} as const satisfies Record<string, KindFacts>;
export type Kind = keyof typeof kinds;

export const factsOf = (kind: Kind): KindFacts => kinds[kind];

/** Something that is still there. */
export interface Finding {
  kind: Kind;
  /** As AWS's commands take it: an id, a name or an ARN. */
  id: string;
  region: string;
  owner: Owner;
  /** By what it was told whose it is. */
  because: string;
  /** What AWS says of it, such as size and state. */
  detail: string;
  /** AWS is deleting it, or will on a day that is set. */
  isGoing: boolean;
}

/** Whose something is, and what tells. */
export type Whose = Pick<Finding, "owner" | "because">;

/** Something that couldn't be looked at: the audit isn't complete. */
export interface Gap {
  /** What isn't known for that. */
  what: string;
  /** Where AWS was asked. */
  region?: string;
  /** The right that AWS asked for, where it refused. */
  missing?: string;
  /** AWS's words, or why it couldn't be asked. */
  message: string;
}

/** How `npm run audit` ends. */
export const ExitCode = {
  /** Nothing is left but what is kept on purpose, and what AWS is deleting. */
  Clean: 0,
  /** Not all could be looked at, or nothing. */
  NotAudited: 2,
  /** Something is left. */
  Left: 7,
} as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

/** What is left of a stack. */
export interface Audit {
  stack: string;
  /** What the stack's resources are named after. */
  name: string;
  accountId: string;
  regions: string[];
  findings: Finding[];
  gaps: Gap[];
  /** What was passed over, and why nothing is missing for that. */
  remarks: string[];
}

/** Whether somebody has to see to it. */
export const isLeft = ({ owner, isGoing }: Finding): boolean => owner !== Owner.Kept && !isGoing;

export function exitCodeOf({ findings, gaps }: Pick<Audit, "findings" | "gaps">): ExitCode {
  if (gaps.length > 0) return ExitCode.NotAudited;
  return findings.some(isLeft) ? ExitCode.Left : ExitCode.Clean;
}
