import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import * as yaml from "yaml";
import { addonPins, imagePins, kubernetesPin, type Pin } from "../../../components/versions";
import { checkConfiguration, type Configuration } from "../../../config/check";
import { readProject, readStack } from "../../../config/files";
import type { Key } from "../../../config/keys";
import { withOwnValues } from "../../../local/stack/ownValues";
import { TODAY } from "../../support/day";
import { environments } from "../../support/program";

const CHECKOUT = path.join(__dirname, "..", "..", "..");
const { project, declarations } = readProject(CHECKOUT);

/** A stack as its files have it, with values in place of examples. */
function deployed(...args: Parameters<typeof readStack>): Configuration {
  const files = readStack(...args);
  return { ...files, values: withOwnValues(files.values) };
}

/** For every key that has a default, another value that it takes. */
const others: Partial<Record<Key, unknown>> = {
  region: "eu-central-1",
  tags: { team: "web" },
  zones: ["eu-west-1a", "eu-west-1b", "eu-west-1c"],
  controlPlaneZones: ["eu-west-1b", "eu-west-1a"],
  vpcCidr: "10.8.0.0/16",
  natGateways: "perZone",
  retention: "release",
  encryptionKey: "customer",
  kubernetesVersion: "1.36",
  apiAccess: "private",
  apiAccessCidrs: ["198.18.100.0/24"],
  runnerInsideVpc: true,
  administrators: ["arn:aws:iam::111101013333:role/a"],
  viewers: ["arn:aws:iam::111101013333:role/b"],
  instanceTypes: ["m7i.xlarge"],
  nodesPerZone: 3,
  vpcCniVersion: "v9.0.0-eksbuild.1",
  kubeProxyVersion: "v1.34.0-eksbuild.1",
  corednsVersion: "v9.0.0-eksbuild.1",
  podIdentityAgentVersion: "v9.0.0-eksbuild.1",
  efsCsiDriverVersion: "v9.0.0-eksbuild.1",
  ebsCsiDriverVersion: "v9.0.0-eksbuild.1",
  s3CsiDriverVersion: "v9.0.0-eksbuild.1",
  snapshotControllerVersion: "v9.0.0-eksbuild.1",
  efsThroughputMode: "bursting",
  efsToInfrequentAccess: "AFTER_7_DAYS",
  efsToArchive: "AFTER_90_DAYS",
  efsBackOnAccess: false,
  efsMountAccess: "roles",
  ebsIops: 4000,
  ebsThroughputInMibps: 200,
  drainTimeoutInMinutes: 20,
  assetsImage: "assets:9",
  assetsReplicas: 4,
  assetsStorage: "s3",
  assetsProvisioning: "dynamic",
  assetsPath: "/images",
  assetsUid: 1234,
  assetsGid: 1234,
  catalogImage: "catalog:9",
  catalogReplicas: 4,
  mysqlImage: "mysql:9",
  mysqlStorage: "50Gi",
  mysqlZone: "eu-west-1b",
  backupSchedule: "cron(0 4 * * ? *)",
  backupRetentionInDays: 14,
  backupLock: "none",
  existingPrivateSubnetIds: { "eu-west-1a": "subnet-11111111" },
};

describe("a default stands in Pulumi.yaml alone:", () => {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), "eks-storage-defaults-"));
  const write = (file: string, content: unknown) =>
    fs.writeFileSync(path.join(directory, file), yaml.stringify(content));
  const content = yaml.parse(fs.readFileSync(path.join(CHECKOUT, "Pulumi.yaml"), "utf8"));
  before(() => {
    for (const stack of environments) {
      fs.copyFileSync(path.join(CHECKOUT, `Pulumi.${stack}.yaml`), path.join(directory, `Pulumi.${stack}.yaml`));
    }
    const { config } = yaml.parse(fs.readFileSync(path.join(CHECKOUT, "Pulumi.dev.yaml"), "utf8"));
    write("Pulumi.existing.yaml", { config: { ...config, [`${project}:existingFileSystemId`]: "fs-11111111" } });
  });
  after(() => fs.rmSync(directory, { recursive: true }));

  it("each is tried otherwise", () => {
    const withDefault = Object.keys(declarations).filter((key) => (declarations[key]!.default ?? "") !== "");
    assert.deepEqual(Object.keys(others).sort(), withDefault.sort());
    for (const [key, value] of Object.entries(others)) assert.notDeepEqual(value, declarations[key]!.default, key);
  });

  for (const [key, value] of Object.entries(others)) {
    const name = `${project}:${key}`;

    it(`with another ${key} as default, a stack is right where it is right with that value`, () => {
      const config = { ...content.config, [key]: { ...content.config[key], default: value } };
      write("Pulumi.yaml", { ...content, config });
      for (const stack of [...environments, "existing"]) {
        const { violations } = checkConfiguration(deployed(directory, stack));
        // The owner of an existing file system decides how it works: what a stack says about its own isn't asked.
        const like = stack === "existing" ? "dev" : stack;
        const asked = readStack(CHECKOUT, like);
        const changes = asked.given.includes(name) ? {} : { [name]: value };
        assert.deepEqual(violations, checkConfiguration(deployed(CHECKOUT, like, changes)).violations, stack);
      }
    });
  }

  it("most of them are right in every stack", () => {
    const wrong = Object.entries(others).filter(([key, value]) => {
      const changes = { [`${project}:${key}`]: value };
      return checkConfiguration(deployed(CHECKOUT, "dev", changes)).violations.length > 0;
    });
    assert.deepEqual(
      wrong.map(([key]) => key),
      // They go with other keys: the region's zones, where the program runs, elastic throughput, the VPC's id.
      ["region", "apiAccess", "existingPrivateSubnetIds"],
    );
  });
});

describe("what Pulumi.yaml pins", () => {
  const pins = [kubernetesPin, ...Object.values(addonPins), ...imagePins];
  const defaultOf = ({ key }: Pin) => declarations[key]?.default;

  it("is in components/versions.ts, every version and image of it, with its day and source", () => {
    const pinned = Object.entries(declarations)
      .filter(([key, { default: value }]) => /(Version|Image)$/.test(key) && value !== "")
      .map(([key]) => key);
    assert.deepEqual(pins.map(({ key }) => key).sort(), pinned.sort());
    assert.deepEqual(
      pins.map(({ key, version }) => [key, version]),
      pins.map((pin) => [pin.key, defaultOf(pin)]),
    );
    for (const { checked, source } of pins) {
      assert.match(checked, /^202\d-\d\d-\d\d$/);
      assert.ok(Date.parse(checked) <= Date.parse(TODAY), `${checked} is still to come`);
      assert.match(source, /^https:/);
    }
  });
});

describe("a default of a component's argument stands in its code once:", () => {
  const directory = path.join(CHECKOUT, "components");
  const code = fs
    .readdirSync(directory, { recursive: true, encoding: "utf8" })
    // Not what is built of it.
    .filter((file) => file.endsWith(".ts") && !/^(build|dist)\//.test(file))
    .map((file) => fs.readFileSync(path.join(directory, file), "utf8"))
    // Neither comments nor the names of arguments, which messages use.
    .map((text) => text.replace(/^\s*(\/\*|\*|\/\/).*$/gm, "").replace(/\bargument = "\w+"/g, ""))
    .join("\n");
  const value = String.raw`([A-Z]\w*\.[A-Z]\w*|"[^"]+"|\d+)`;

  /** What a pattern finds more than once, as `name value`. */
  const repeated = (...patterns: string[]) => {
    const found = patterns.flatMap((pattern) =>
      [...code.matchAll(new RegExp(pattern, "g"))].map(([, name, literal]) => `${name} ${literal}`),
    );
    return [...new Set(found.filter((it, index) => found.indexOf(it) !== index))].sort();
  };

  it("as a value after ??, or as a parameter's", () => {
    assert.deepEqual(repeated(String.raw`\b(\w+) \?\? ${value}`, String.raw`[{(,]\s+(\w+)(?:: \w+)? = ${value}`), [
      // Of classes, which are components of their own.
      "reclaimPolicy ReclaimPolicy.Delete",
    ]);
  });

  it("also where a text has a name of its own", () => {
    const texts = [...code.matchAll(/const DEFAULT_\w+(?:: \w+)? = ("[^"]+")/g)].map(([, text]) => text!);
    assert.deepEqual(texts, ['"cron(0 2 * * ? *)"', '"0750"']);
    for (const text of texts) assert.equal(code.split(text).length, 2, text);
  });
});
