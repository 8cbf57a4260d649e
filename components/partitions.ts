interface Partition {
  id: string;
  /** Of the addresses of AWS's services. */
  dnsSuffix: string;
}

const COMMERCIAL: Partition = { id: "aws", dnsSuffix: "amazonaws.com" };

/**
 * AWS's other partitions, by how the names of their regions begin: ARNs in them begin with the partition's id.
 * https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html,
 * https://github.com/boto/botocore/blob/1.43.11/botocore/data/partitions.json
 */
const OTHERS: Record<string, Partition> = {
  "cn-": { id: "aws-cn", dnsSuffix: "amazonaws.com.cn" },
  "us-gov-": { id: "aws-us-gov", dnsSuffix: "amazonaws.com" },
  "eusc-": { id: "aws-eusc", dnsSuffix: "amazonaws.eu" },
  "us-iso-": { id: "aws-iso", dnsSuffix: "c2s.ic.gov" },
  "us-isob-": { id: "aws-iso-b", dnsSuffix: "sc2s.sgov.gov" },
  "eu-isoe-": { id: "aws-iso-e", dnsSuffix: "cloud.adc-e.uk" },
  "us-isof-": { id: "aws-iso-f", dnsSuffix: "csp.hci.ic.gov" },
};

function find(region: string): Partition {
  const prefix = Object.keys(OTHERS).find((it) => region.startsWith(it));
  return prefix === undefined ? COMMERCIAL : OTHERS[prefix]!;
}

/** The partition that a region, or a zone by its name, is in: the second part of every ARN there, such as `aws-cn`. */
export const partitionOf = (region: string): string => find(region).id;

/** What the addresses of a region's services end with, such as `amazonaws.com`. */
export const dnsSuffixOf = (region: string): string => find(region).dnsSuffix;
