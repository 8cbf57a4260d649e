import assert from "node:assert/strict";
import fc from "fast-check";
import { planSubnets, validateSubnetPlan } from "../../../../components/network/subnets";

const anyZones = fc.uniqueArray(fc.constantFrom(..."abcdefgh"), { minLength: 1 }).map((letters) => {
  return letters.map((letter) => `eu-west-1${letter}`);
});

/** A VPC's range that AWS and we accept. */
const anyVpc = fc.tuple(fc.integer({ min: 16, max: 22 }), fc.nat(2 ** 32 - 1)).map(([prefix, address]) => {
  const network = Math.floor(address / 2 ** (32 - prefix)) * 2 ** (32 - prefix);
  return `${dotted(network)}/${prefix}`;
});

/** Written anew here, so that the test doesn't believe the library that the plan is made with. */
function dotted(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");
}

function bounds(cidr: string): { first: number; last: number; prefix: number } {
  const [address, prefix] = cidr.split("/") as [string, string];
  const first = address.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0);
  return { first, last: first + 2 ** (32 - Number(prefix)) - 1, prefix: Number(prefix) };
}

function subnetsOf(vpc: string, zones: string[]): string[] {
  return Object.values(planSubnets(vpc, zones)).flatMap((subnets) => [subnets.public, subnets.private]);
}

describe("planSubnets", () => {
  it("gives each zone a private and a public subnet", () => {
    assert.deepEqual(planSubnets("10.0.0.0/16", ["eu-west-1a", "eu-west-1b", "eu-west-1c"]), {
      "eu-west-1a": { private: "10.0.0.0/20", public: "10.0.16.0/21" },
      "eu-west-1b": { private: "10.0.32.0/20", public: "10.0.48.0/21" },
      "eu-west-1c": { private: "10.0.64.0/20", public: "10.0.80.0/21" },
    });
  });

  it("knows the regions with longer names", () => {
    assert.deepEqual(Object.keys(planSubnets("10.0.0.0/22", ["us-gov-west-1c", "us-gov-west-1a"])), [
      "us-gov-west-1c",
      "us-gov-west-1a",
    ]);
  });

  it("never lets two subnets overlap", () => {
    fc.assert(
      fc.property(anyVpc, anyZones, (vpc, zones) => {
        const sorted = subnetsOf(vpc, zones)
          .map(bounds)
          .sort((one, other) => one.first - other.first);
        assert.equal(sorted.length, zones.length * 2);
        sorted.slice(1).forEach((subnet, index) => assert.ok(subnet.first > sorted[index]!.last));
      }),
    );
  });

  it("keeps every subnet inside the VPC, on a boundary of its own size", () => {
    fc.assert(
      fc.property(anyVpc, anyZones, (vpc, zones) => {
        const all = bounds(vpc);
        for (const subnet of subnetsOf(vpc, zones).map(bounds)) {
          assert.ok(subnet.first >= all.first && subnet.last <= all.last);
          assert.equal(subnet.first % 2 ** (32 - subnet.prefix), 0);
        }
      }),
    );
  });

  it("gives a zone the same subnets, whatever other zones there are", () => {
    fc.assert(
      fc.property(anyVpc, anyZones, anyZones, (vpc, before, after) => {
        const planned = planSubnets(vpc, before);
        const replanned = planSubnets(vpc, after);
        for (const zone of before.filter((zone) => after.includes(zone))) {
          assert.deepEqual(replanned[zone], planned[zone]);
        }
      }),
    );
  });

  it("makes the subnets as large as EKS and a load balancer need, in the smallest VPC too", () => {
    const { prefix: privatePrefix } = bounds(planSubnets("10.0.0.0/22", ["eu-west-1h"])["eu-west-1h"]!.private);
    const { prefix: publicPrefix } = bounds(planSubnets("10.0.0.0/22", ["eu-west-1h"])["eu-west-1h"]!.public);
    assert.ok(privatePrefix <= 26 && publicPrefix <= 27);
  });

  it("throws every violation in one error", () => {
    assert.throws(() => planSubnets("10.0.0.0/8", []), {
      message:
        "cidrBlock must be a range from /16 to /22; it is '10.0.0.0/8'. AWS allows no VPC larger than /16.\n" +
        "zones must be at least one zone; it is []. Name the zones to use, such as eu-west-1a.",
    });
  });
});

describe("validateSubnetPlan", () => {
  const zones = ["eu-west-1a"];
  const cases: [string, string[], string, string][] = [
    ["10.0.0.0", zones, "an IPv4 range", "Write it as address/prefix length, such as 10.0.0.0/16."],
    ["010.0.0.0/16", zones, "an IPv4 range", "Write it as address/prefix length, such as 10.0.0.0/16."],
    ["10.0.0.0/33", zones, "an IPv4 range", "Write it as address/prefix length, such as 10.0.0.0/16."],
    ["fd00::/16", zones, "an IPv4 range", "Write it as address/prefix length, such as 10.0.0.0/16."],
    ["10.0.7.0/16", zones, "written by its first address", "Write 10.0.0.0/16."],
    ["10.0.0.0/15", zones, "a range from /16 to /22", "AWS allows no VPC larger than /16."],
    [
      "10.0.0.0/23",
      zones,
      "a range from /16 to /22",
      "Each zone gets an eighth of the VPC: in a smaller one that is too little for its pods and a load balancer.",
    ],
    ["10.0.0.0/16", [], "at least one zone", "Name the zones to use, such as eu-west-1a."],
    [
      "10.0.0.0/16",
      ["eu-west-1a", "euw1-az1", "us-west-2-lax-1a", "eu-west-1i", "eu-west-1"],
      "availability zones by name, such as eu-west-1a",
      "Not accepted: euw1-az1, us-west-2-lax-1a, eu-west-1i, eu-west-1. A name is the region's and a letter from a to h; " +
        "no zone ids, Local or Wavelength Zones.",
    ],
    [
      "10.0.0.0/16",
      ["eu-west-1a", "eu-west-1b", "eu-west-1a", "eu-west-1a"],
      "a list that names each zone once",
      "Remove the repeated eu-west-1a.",
    ],
    ["10.0.0.0/16", ["eu-west-1a", "eu-west-2b"], "zones of one region", "These are in eu-west-1 and eu-west-2."],
  ];
  for (const [vpc, named, expected, fix] of cases) {
    it(`refuses ${vpc} with ${named.join(" ") || "no zones"}: ${expected}`, () => {
      const aboutZones = vpc === "10.0.0.0/16";
      const violation = {
        argument: aboutZones ? "zones" : "cidrBlock",
        actual: aboutZones ? named : vpc,
        expected,
        fix,
      };
      assert.deepEqual(validateSubnetPlan(vpc, named), [violation]);
    });
  }

  it("finds nothing wrong with what the plan accepts", () => {
    fc.assert(fc.property(anyVpc, anyZones, (vpc, named) => assert.deepEqual(validateSubnetPlan(vpc, named), [])));
  });
});
