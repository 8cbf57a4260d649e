import assert from "node:assert/strict";
import { inspect } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import * as components from "../../components/index";
import { plainArguments } from "../../components/checks/plainArguments";
import { type Argument, placesOfComponents } from "../support/doors";
import { refused } from "../support/queries";
import { run } from "../support/registrations";
import { all, argumentsWith, beside, checked, checks, componentOf, refusalOf, rowOf } from "../support/rightArguments";

const places = placesOfComponents();
const plain = places.filter(({ takesOutput }) => !takesOutput);
const inputs = all.filter(({ takesOutput }) => takesOutput);
const names = [...new Set(places.map(({ component }) => component))];
const titleOf = ({ component, path }: Argument) => `${component}.${path}`;

/** What an output turns into where it is taken for its value: by its toString, by JSON, or by Node's inspect. */
const DUMPED = /Calling \[|Output<|OutputImpl|__pulumi|\[object |\[Function/;

/** An output that is never known, as of a resource at a first preview. */
const anOutput = () => pulumi.output(new Promise<string>(() => {}));

/** The same, as the engine knows of it. */
const unknownId = () => pulumi.output(pulumi.unknown as string);

/** Where outputs are in arguments, as a message writes it: `zones[1]`, `accessPoints.images.path`. */
function outputsIn(value: unknown, at = ""): string[] {
  if (pulumi.Output.isInstance(value)) return [at];
  if (Array.isArray(value)) return value.flatMap((it, index) => outputsIn(it, `${at}[${index}]`));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, it]) => outputsIn(it, at === "" ? key : `${at}.${key}`));
}

/** The arguments that a message is about, each with what it says of it; without the example that each of these has. */
const saidIn = (message: string) =>
  [...message.matchAll(/^ {2}- (\S+)(.*)\n {4}\S.*$/gm)]
    .map(([, argument, said]) => [argument, said] as const)
    .filter(([argument]) => argument !== "other");

/** Arguments with outputs in several places, and beside them only what must be there. */
const withOutputs = (at: Argument[]): object =>
  at.reduce((others, it) => merged(others, argumentsWith(it, anOutput())), {});

/** The members of both; of two values the output. */
function merged(one: unknown, other: unknown): any {
  const isRecord = (it: unknown): it is object =>
    typeof it === "object" && it !== null && !pulumi.Output.isInstance(it) && !Array.isArray(it);
  if (!isRecord(one) || !isRecord(other)) return outputsIn(one).length > 0 ? one : (other ?? one);
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
  return Object.fromEntries([...keys].map((key) => [key, merged((one as any)[key], (other as any)[key])]));
}

const S3 = { bucketName: "shop-images", region: "eu-west-1" };
const identity = { uid: 999, gid: 998 };

/** How components are made that don't take all their arguments together: without some, and with what else they need. */
const ways: Record<string, [without: string[], args: object][]> = {
  Assets: [
    [["efsClass", "s3"], {}],
    [["efs", "s3"], {}],
    [["efs", "efsClass"], { s3: S3 }],
  ],
  CsiDriver: [
    [["bucketArns"], { diskSource: { snapshotId: "snap-11111111" } }],
    [["tags", "diskSource", "version"], { kind: "s3", version: "v2.0.0-eksbuild.1" }],
  ],
  ExistingCluster: [[[], { vpcId: "vpc-0e1000000000000aa" }]],
  StaticVolume: [
    [["s3"], {}],
    [["efs"], { s3: { ...S3, identity } }],
  ],
};

/** What a component registers that is given something in place of each value that may be an output. */
async function registeredWith(
  name: string,
  [without, others]: (typeof ways)[string][number],
  give: (value: unknown) => unknown,
  preview = false,
) {
  const its = all.filter(({ component, path }) => component === name && !without.includes(path.split(".")[0]!));
  const needed = its.filter(({ takesOutput, optional }) => takesOutput || optional.length === 0);
  const valueOf = (it: Argument) => rowOf(checks, it)?.[1][0] ?? (it.type === "number" ? 1 : "x");
  const { registrations, error } = await run(
    () => {
      const args = needed.reduce(
        (args, it) => merged(args, argumentsWith(it, it.takesOutput ? give(valueOf(it)) : valueOf(it))),
        {},
      );
      new (componentOf(name))("door", merged(args, others));
    },
    {
      preview,
      adoptable: { "aws:eks/getCluster:getCluster": { arn: "arn:aws:eks:eu-west-1:111101013333:cluster/shop" } },
    },
  );
  assert.equal(error, undefined, error?.stack);
  assert.ok(registrations.some(({ type }) => type === `eks-storage:index:${name}`));
  const told = registrations.map(({ type, name, inputs, outputs }) => ({ type, name, inputs, outputs }));
  return told.sort((one, other) => (`${one.type} ${one.name}` < `${other.type} ${other.name}` ? -1 : 1));
}

describe("plain arguments", () => {
  it("are those whose types are no Input, and what they are in", () => {
    const above = (it: Argument) =>
      plain.some((other) => other.component === it.component && other.path.startsWith(`${it.path}.`));
    const typed = names.map((name) => {
      const its = plain.filter((it) => it.component === name && !above(it));
      return [name, its.map(({ path }) => path).sort()] as const;
    });
    assert.deepEqual(
      Object.fromEntries(Object.entries(plainArguments).map(([name, its]) => [name, [...its].sort()])),
      Object.fromEntries(typed),
      "a new argument that is no Input needs its path in components/checks/plainArguments.ts",
    );
  });

  for (const argument of plain) {
    it(`${titleOf(argument)} is refused as an output`, () => {
      const args = argumentsWith(argument, anOutput());
      const message = refusalOf(argument.component, args);
      assert.deepEqual(
        saidIn(message),
        outputsIn(args).map((it) => [it, " must be a plain value; it is an output."]),
      );
      assert.match(message, new RegExp(`^${argument.component} "door" has `));
      assert.doesNotMatch(message, DUMPED);
      assert.ok(message.length < 1000, message);
    });
  }

  for (const name of names) {
    it(`${name}: all outputs are refused in one message`, () => {
      const args = withOutputs(plain.filter((it) => it.component === name && !it.hasMembers));
      const message = refusalOf(name, args);
      assert.deepEqual(
        saidIn(message)
          .filter(([, said]) => said?.startsWith(" must be a plain value"))
          .map(([argument]) => argument)
          .sort(),
        outputsIn(args).sort(),
      );
    });

    it(`${name}: outputs where they may be change no message, and none prints them`, () => {
      const its = inputs.filter((it) => it.component === name);
      for (const argument of checked.filter((it) => it.component === name && !it.takesOutput)) {
        const wrong = argumentsWith(argument, rowOf(checks, argument)![1][1]);
        const args = { ...merged(withOutputs(its), wrong), ...beside[titleOf(argument)] };
        const message = refusalOf(name, args);
        assert.ok(message.includes(`- ${argument.path.split(".")[0]!}`), `of ${argument.path}: ${message}`);
        assert.doesNotMatch(message, DUMPED);
      }
    });
  }

  for (const [name, way] of names.flatMap((it) => (ways[it] ?? [[[], {}]]).map((way) => [it, way] as const))) {
    const [without] = way;
    const title = `${name}${without.length > 0 ? ` without ${without.join(" and ")}` : ""}`;

    it(`${title} makes the same of an output and of a promise as of a value`, async () => {
      const registrations = await registeredWith(name, way, (value) => value);
      assert.deepEqual(await registeredWith(name, way, (value) => pulumi.output(value)), registrations);
      assert.deepEqual(await registeredWith(name, way, (value) => Promise.resolve(value)), registrations);
    });

    it(`${title} waits for what isn't known yet`, async () => {
      const registrations = await registeredWith(name, way, () => unknownId(), true);
      assert.doesNotMatch(inspect(registrations, { depth: Infinity }), DUMPED);
    });
  }
});

describe("a plain argument", () => {
  const onBucket = (bucketName: unknown): any => ({
    ...{ claimName: "images", namespace: "shop" },
    s3: { ...S3, bucketName, identity },
  });

  it("is the name that a bucket was given, and not its output", async () => {
    const message = await refused(() => {
      new components.StaticVolume("images", onBucket(pulumi.output("shop-images")));
    });
    assert.equal(
      message,
      'StaticVolume "images" has an argument that can\'t work:\n' +
        "  - s3.bucketName must be a plain value; it is an output.\n" +
        "    Give the name itself, as it was given to the bucket; dependsOn keeps the order that its output would.",
    );
  });

  const mends: [component: string, args: object, fix: RegExp][] = [
    ["DynamicVolume", { storageClassName: anOutput() }, /as it was given to the class; dependsOn/],
    ["StaticVolume", { namespace: anOutput() }, /as it was given to the namespace; dependsOn/],
    ["ExistingCluster", { clusterName: anOutput() }, /looked at before anything is made: give the value itself/],
    ["FileSystem", { zones: anOutput() }, /Name the zones, such as eu-west-1a/],
    ["FileSystemClients", { clients: pulumi.output({ nodes: "sg-11111111" }) }, /give the record or the list itself/],
    ["Backups", { adoptRole: anOutput() }, /one of the configuration that isn't secret/],
  ];
  for (const [component, args, fix] of mends) {
    it(`of ${component} (${Object.keys(args).join()}) says how it is mended`, () => {
      assert.match(refusalOf(component, args), fix);
    });
  }

  const kinds: [value: unknown, said: string][] = [
    [pulumi.secret("shop-images"), "an output"],
    [Promise.resolve("shop-images"), "a promise"],
    [pulumi.unknown, "a value that isn't known yet"],
    [Object.create({ __pulumiResource: true }), "a resource"],
  ];
  for (const [value, said] of kinds) {
    it(`is refused as ${said}`, () => {
      const message = refusalOf("StaticVolume", onBucket(value));
      assert.deepEqual(saidIn(message), [["s3.bucketName", ` must be a plain value; it is ${said}.`]]);
    });
  }

  it("is refused beside what is wrong with others", () => {
    const message = refusalOf("Bucket", { bucketName: anOutput(), retention: "keep" });
    assert.deepEqual(saidIn(message), [
      ["bucketName", " must be a plain value; it is an output."],
      ["retention", " must be one of delete, retain, release; it is 'keep'."],
    ]);
  });

  it("is a component's own name", () => {
    const message = refusalOf("SnapshotController", { clusterName: "shop", version: "v8.6.0-eksbuild.8" }, anOutput());
    assert.deepEqual(saidIn(message), [["name", " must be a plain value; it is an output."]]);
    assert.match(message, /^SnapshotController has /);
  });

  it("isn't what a record for several components has for another", () => {
    const others = { kubeconfig: anOutput(), zones: [anOutput()] };
    const message = refusalOf("SnapshotController", { clusterName: "shop", version: "v8.6.0-eksbuild.8", ...others });
    assert.deepEqual(saidIn(message), []);
  });

  it("is part of a claim's name", () => {
    const volume = { claimName: "images", namespace: "shop", storageClassName: anOutput(), identity };
    assert.throws(() => components.staticClaimName(onBucket(anOutput())), {
      message:
        /^staticClaimName has an argument that can't work:\n {2}- s3\.bucketName must be a plain value; it is an output\./,
    });
    assert.throws(() => components.dynamicClaimName(volume as any), {
      message:
        /^dynamicClaimName has an argument that can't work:\n {2}- storageClassName must be a plain value; it is an output\./,
    });
  });

  it("is refused by its type", () => {
    const bucketName = pulumi.output("shop-images");
    const s3 = { ...S3, bucketName, identity };
    // @ts-expect-error An output is no string.
    assert.throws(() => components.staticClaimName({ claimName: "images", namespace: "shop", s3 }), /an output/);
  });
});
