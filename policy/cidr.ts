import { Address4, Address6 } from "ip-address";

const PRIVATE4 = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"].map((it) => new Address4(it));
/** Unique local addresses: https://www.rfc-editor.org/rfc/rfc4193 */
const PRIVATE6 = [new Address6("fc00::/7")];

/**
 * The prefix length up to which networks count as open to the internet. One organisation was given an IPv4 /8 at most:
 * https://www.iana.org/assignments/ipv4-address-space. Private networks are never open, whatever their size.
 */
const FAMILIES = [
  { Address: Address4, bits: 32, open: 7, isPrivate: (it: string) => isWithin(new Address4(it), PRIVATE4) },
  { Address: Address6, bits: 128, open: 15, isPrivate: (it: string) => isWithin(new Address6(it), PRIVATE6) },
];

const isWithin = <A extends Address4 | Address6>(network: A, others: A[]): boolean =>
  others.some((other) => network.isInSubnet(other));

type Range = readonly [first: bigint, last: bigint];

/** The number of addresses in some ranges, each counted once. */
function size(ranges: Range[]): bigint {
  let sum = 0n;
  let end = -1n;
  for (const [first, last] of [...ranges].sort(([a], [b]) => (a < b ? -1 : Number(a > b)))) {
    if (last <= end) continue;
    sum += last - (first > end ? first - 1n : end);
    end = last;
  }
  return sum;
}

/**
 * The networks that are open to the internet: those that are an IPv4 /7, an IPv6 /15 or more, alone or together, so that
 * 0.0.0.0/1 and 128.0.0.0/1 count as 0.0.0.0/0. Texts that are no CIDR block are left out: AWS refuses them.
 *
 * @param networks CIDR blocks of both families.
 * @returns those of each family that is open; none where neither is.
 */
export function openOf(networks: string[]): string[] {
  return FAMILIES.flatMap(({ Address, bits, open, isPrivate }) => {
    const reached = networks.filter((it) => Address.isValid(it) && !isPrivate(it));
    const ranges = reached.map((it): Range => {
      const address = new Address(it);
      return [address.startAddress().bigInt(), address.endAddress().bigInt()];
    });
    return size(ranges) >= 1n << BigInt(bits - open) ? reached : [];
  });
}
