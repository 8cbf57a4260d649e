import { Address4, Address6 } from "ip-address";
import type { Violation } from "./violations";

/** Networks for documentation alone, by the standard that says so: nobody has an address in them. */
const NETWORKS: Record<string, string> = {
  "192.0.2.0/24": "RFC 5737",
  "198.51.100.0/24": "RFC 5737",
  "203.0.113.0/24": "RFC 5737",
  "2001:db8::/32": "RFC 3849",
  "3fff::/20": "RFC 9637",
};

/**
 * The accounts of AWS's own examples: three digits four times each, and digits in a row.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html (111122223333, 777788889999),
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html (123456789012),
 * https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DescribeImages.html (012345678910)
 */
const ACCOUNT = /^(?!0{12})((\d)\2{3}(\d)\3{3}(\d)\4{3}|123456789012|012345678910)$/;

/** Twelve digits that stand alone, as in an ARN or a bucket's name. */
const ACCOUNTS = /(?<![0-9A-Za-z])\d{12}(?![0-9A-Za-z])/g;

/** A text with each account of AWS's examples in it replaced. */
export const replaceExampleAccounts = (text: string, replacement: (accountId: string) => string): string =>
  text.replace(ACCOUNTS, (accountId) => (ACCOUNT.test(accountId) ? replacement(accountId) : accountId));

function exampleAccounts(text: string): string[] {
  const found: string[] = [];
  replaceExampleAccounts(text, (accountId) => (found.push(accountId), accountId));
  return found;
}

/** What has no other character may be an address. Everything else need not be parsed, which costs 0.1 ms a text. */
const PERHAPS_ADDRESS = /^[\da-f.:/]{2,50}$/i;

/** The network for documentation that an address or a network is in. */
function exampleNetwork(text: string): string | undefined {
  if (!PERHAPS_ADDRESS.test(text)) return undefined;
  const Address = [Address4, Address6].find((it) => it.isValid(text));
  if (!Address) return undefined;
  return Object.keys(NETWORKS).find(
    (it) => Address.isValid(it) && new Address(text).isInSubnet(new Address(it) as never),
  );
}

/**
 * What is wrong with values, by argument, that were taken over from an example: accounts and networks that are nobody's.
 *
 * @param given texts, and lists of them, as far as they are known.
 */
export function validateExamples(given: Record<string, unknown>): Violation[] {
  return Object.entries(given).flatMap(([argument, actual]) => {
    const texts = [actual].flat().filter((it): it is string => typeof it === "string");
    const accounts = [...new Set(texts.flatMap(exampleAccounts))];
    const networks = texts.filter((text) => exampleNetwork(text));
    if (accounts.length + networks.length === 0) return [];
    const standards = [...new Set(networks.map((text) => NETWORKS[exampleNetwork(text)!]!))];
    const fixes = [
      ...(accounts.length > 0
        ? [
            `AWS's documentation uses ${accounts.join(", ")} for examples. ` +
              "Yours: aws sts get-caller-identity --query Account --output text",
          ]
        : []),
      ...(networks.length > 0
        ? [
            `Nobody has an address in ${networks.join(", ")} (${standards.join(", ")}). ` +
              "Yours, with /32 after it: curl https://checkip.amazonaws.com",
          ]
        : []),
    ];
    return [{ argument, expected: "your own, not an example's", actual, fix: fixes.join(" ") }];
  });
}
