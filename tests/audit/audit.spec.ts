import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { AccountError, audit } from "../../audit/audit";
import { type Audit, exitCodeOf, type Finding } from "../../audit/findings";
import { type Scope, scopeOf } from "../../audit/scope";
import { readStack } from "../../config/files";
import { type Asked, type Answer, Door } from "./door";
import { Moto } from "./moto";
import { plantAll, plantCopy, plantPages } from "./planted";
import { NAME, Planter, theirs } from "./planter";

const CHECKOUT = path.join(__dirname, "../..");
const COPY_REGION = "eu-central-1";
/** What the SDK takes from the environment. */
const SIGNED_IN = { AWS_ENDPOINT_URL: "", AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" };

const shown = ({ owner, kind, id, isGoing }: Finding) => `${owner} ${kind} ${id}${isGoing ? " going" : ""}`;
const all = ({ findings }: Pick<Audit, "findings">) => findings.map(shown).sort();

describe("npm run audit", function () {
  this.timeout(60_000);
  let moto: Moto;
  let door: Door;
  let planter: Planter;
  const scope = scopeOf(readStack(CHECKOUT, "dev"));
  const expected = () => [...planter.expected].sort();

  before(async function () {
    // Installing moto, once.
    this.timeout(900_000);
    moto = await Moto.start("111122223333");
    door = await Door.before(moto.port);
    planter = new Planter(`http://127.0.0.1:${moto.port}`);
    await plantAll(planter);
    Object.assign(process.env, SIGNED_IN, { AWS_ENDPOINT_URL: door.address });
  });
  beforeEach(() => door.reset());
  after(async () => {
    for (const name of Object.keys(SIGNED_IN)) delete process.env[name];
    await door.close();
    moto.stop();
  });

  /** What moto hasn't got: what is in vaults, a page a point. */
  function points({ right, path: at, parameters }: Asked): Answer | undefined {
    if (right !== "backup:ListRecoveryPointsByBackupVault") return undefined;
    const inVault = planter.points[at.split("/")[2]!] ?? [];
    const page = Number(parameters.get("nextToken") ?? 0);
    const NextToken = page + 1 < inVault.length ? String(page + 1) : undefined;
    const body = JSON.stringify({ RecoveryPoints: inVault.slice(page, page + 1), NextToken });
    return { status: 200, type: "application/json", body };
  }

  /** The rights that docs/permissions has. */
  function listed(): string[] {
    const text = fs.readFileSync(path.join(CHECKOUT, "docs/permissions/auditor.json"), "utf8");
    const { Statement } = JSON.parse(text) as { Statement: { Action: string[] }[] };
    return Statement.flatMap(({ Action }) => Action).sort();
  }

  /** An audit where the door answers something else to some. */
  async function audited(instead: Door["instead"] = () => undefined, of: Scope = scope): Promise<Audit> {
    door.instead = (asked) => instead(asked) ?? points(asked);
    return audit(of);
  }

  /** The command itself. */
  function run(...args: string[]) {
    door.instead = points;
    const child = spawn(process.execPath, ["commands/start.cjs", "audit", ...args], { cwd: CHECKOUT });
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (data: Buffer) => (stdout += data.toString()));
    child.stderr.on("data", (data: Buffer) => (stderr += data.toString()));
    return new Promise<{ stdout: string; stderr: string; code: number | null }>((resolve) =>
      child.on("close", (code) => resolve({ stdout, stderr, code })),
    );
  }

  it("finds each of what is left, whose it is, and nothing of others'", async () => {
    const { stdout, stderr, code } = await run("--stack", "dev", "--json");
    const report = JSON.parse(stdout) as Audit & { verdict: string; exitCode: number };
    assert.deepEqual(all(report), expected());
    assert.deepEqual([report.verdict, report.exitCode, code, report.gaps, report.remarks], ["left", 7, 7, [], []]);
    assert.equal(stderr, `Looking for what is left of ${NAME}\n`);
  });

  it("asks by the rights of docs/permissions/auditor.json, and by no other", async () => {
    await audited();
    const asked = new Set(door.asked.map(({ right }) => right).filter((right) => right !== "sts:GetCallerIdentity"));
    assert.deepEqual([...asked].sort(), listed());
    for (const right of asked) assert.match(right, /^[a-z0-9]+:(Describe|Get|List)\w+$/);
  });

  it("reads all pages", async () => {
    await plantPages(planter);
    door.pages = 3;
    assert.deepEqual(all(await audited()), expected());
    const followed = door.asked.filter(({ parameters }) => parameters.has("NextToken")).map(({ right }) => right);
    for (const list of ["Volumes", "Snapshots", "SecurityGroups", "NetworkInterfaces", "Vpcs"]) {
      assert.ok(followed.includes(`ec2:Describe${list}`), list);
    }
  });

  it("waits where AWS says that it asks too fast (an injected fault: each service's first request, and each tenth)", async function () {
    // The SDK waits, the longer the fewer requests it had measured before.
    this.timeout(180_000);
    let throttled = 0;
    const codes: Record<string, [code: string, status: number]> = {
      ec2: ["RequestLimitExceeded", 503],
      s3: ["SlowDown", 503],
      elasticfilesystem: ["TooManyRequestsException", 429],
    };
    const begun = new Set<string>();
    const found = await audited(({ right, refuse }) => {
      const [service = ""] = right.split(":");
      if (begun.has(service) && door.asked.length % 10 !== 0) return undefined;
      begun.add(service);
      throttled++;
      return refuse(...(codes[service] ?? ["ThrottlingException", 400]), "Rate exceeded");
    });
    assert.deepEqual([all(found), found.gaps], [expected(), []]);
    assert.ok(begun.size >= 9 && throttled > 12, String(throttled));
  });

  /** As each service says it. */
  function denied({ right, refuse }: Asked): Answer {
    const isOld = /^(s3|elasticloadbalancing):/.test(right);
    const code = right.startsWith("ec2:") ? "UnauthorizedOperation" : isOld ? "AccessDenied" : "AccessDeniedException";
    return refuse(code, 403, `not authorized to perform: ${right}`);
  }

  /** Rights that are missing at once, and the kinds that can't be told for that. Together they are all. */
  const MISSING: [rights: string, hidden: RegExp][] = [
    [
      "backup:ListBackupVaults ec2:DescribeAddresses ec2:DescribeInstances ec2:DescribeSnapshots eks:DescribeCluster " +
        "elasticfilesystem:DescribeAccessPoints kms:ListKeys logs:DescribeLogGroups s3:ListAllMyBuckets",
      / (backup vault|recovery point|address|instance|snapshot|cluster|access point|key|log group|bucket) /,
    ],
    [
      "backup:ListRecoveryPointsByBackupVault ec2:DescribeNatGateways elasticloadbalancing:DescribeTags kms:ListResourceTags",
      / (recovery point|snapshot|NAT gateway|network interface|load balancer|key) /,
    ],
    [
      "ec2:DescribeNetworkInterfaces elasticloadbalancing:DescribeLoadBalancers s3:GetBucketTagging",
      / (address|network interface|load balancer) |bucket images-of-dev/,
    ],
    ["ec2:DescribeVolumes kms:DescribeKey kms:ListAliases", / (volume|snapshot|key) /],
    ["ec2:DescribeVpcs ec2:DescribeSecurityGroups", / (VPC|address|security group|network interface|load balancer) /],
    ["elasticfilesystem:DescribeFileSystems", / (file system|access point|network interface|recovery point) /],
    ["ssm:GetParameter", / (file system|backup vault|recovery point|volume|access point|snapshot) /],
  ];
  for (const [words, hidden] of MISSING) {
    const rights = words.split(" ");
    it(`names what is missing, and reports the rest: ${rights.join(", ")}`, async () => {
      const found = await audited((asked) => (rights.includes(asked.right) ? denied(asked) : undefined));
      const left = expected().filter((it) => !hidden.test(it));
      assert.ok(left.length > 0 && left.length < expected().length);
      assert.deepEqual(
        all(found).filter((it) => !hidden.test(it)),
        left,
      );
      assert.deepEqual([...new Set(found.gaps.map(({ missing }) => missing))].sort(), [...rights].sort());
      for (const { missing, message } of found.gaps) assert.equal(message, `not authorized to perform: ${missing!}`);
      assert.equal(exitCodeOf(found), 2);
    });
  }

  it("names each right that it needs", () => {
    const named = MISSING.flatMap(([rights]) => rights.split(" "));
    assert.deepEqual(named.sort(), listed());
  });

  it("passes over a key that its own policy denies, and none where a right may be missing", async () => {
    const refusing = (message: string) => {
      let refused = false;
      return audited((asked) => {
        if (asked.right !== "kms:ListResourceTags" || refused) return undefined;
        refused = true;
        return asked.refuse("AccessDeniedException", 400, message);
      });
    };
    const passed = await refusing("not authorized to perform, with an explicit deny in a resource-based policy");
    assert.deepEqual([passed.gaps, passed.remarks.length, exitCodeOf(passed)], [[], 1, 7]);
    assert.match(passed.remarks[0]!, /^1 of \d+ denies kms:ListResourceTags in eu-west-1 by policies of their own/);
    const message =
      "not authorized to perform, because no identity-based policy allows the kms:ListResourceTags action";
    const missing = await refusing(message);
    const gap = { what: "keys' tags", region: "eu-west-1", message, missing: "kms:ListResourceTags" };
    assert.deepEqual([missing.gaps, missing.remarks, exitCodeOf(missing)], [[gap], [], 2]);
  });

  it("takes what has only an organisation's tags for nobody's, and says so", async () => {
    // Here those of another stack: whatever has them is others', but what is the stack's by another sign.
    const shared = { ...scope, tags: theirs, sharesTags: true };
    const { findings, remarks } = await audited(undefined, shared);
    const byTags = findings.filter(({ because }) => because.startsWith("tags "));
    assert.deepEqual(byTags, []);
    assert.match(remarks.join(), /^Passed over: \d+ resources with the tags project, environment and no name of eks-/);
  });

  it("isn't complete where Pulumi ESC may set what was deployed, whatever it finds", async () => {
    const gap = { what: "what Pulumi ESC environments set", message: "Pulumi.dev.yaml imports shared." };
    const found = await audited(undefined, { ...scope, gaps: [gap] });
    assert.deepEqual([found.gaps, exitCodeOf(found), all(found)], [[gap], 2, expected()]);
  });

  it("counts what is kept as left where nothing is recorded, and says so", async () => {
    const unrecorded = (asked: Asked) =>
      asked.right === "ssm:GetParameter" ? asked.refuse("ParameterNotFound", 400, "") : undefined;
    const found = await audited(unrecorded, { ...scope, keepsData: true });
    assert.match(
      found.remarks.join(),
      /^Nothing is recorded as kept \(no parameter \/eks-storage-dev\/kept in eu-west-1\)/,
    );
    assert.deepEqual(
      all(found).filter((it) => it.startsWith("kept")),
      expected().filter((it) => it.startsWith("kept log group")),
    );
    assert.deepEqual((await audited(unrecorded)).remarks, []);
  });

  it("looks in the copy's region, too", async () => {
    const copied = new Planter(`http://127.0.0.1:${moto.port}`);
    await plantCopy(copied, COPY_REGION);
    const found = await audited(undefined, { ...scope, replicaRegion: COPY_REGION });
    assert.deepEqual(
      all({ findings: found.findings.filter(({ region }) => region === COPY_REGION) }),
      copied.expected.sort(),
    );
    assert.deepEqual(found.regions, ["eu-west-1", COPY_REGION]);
  });

  it("finds in another region the bucket alone, by its name, and says where that is", async () => {
    const bucket = (name: string) => `<Bucket><Name>${name}</Name><BucketRegion>eu-west-1</BucketRegion></Bucket>`;
    const buckets = [`${NAME}-assets-111122223333`, "images-of-dev"].map(bucket).join("");
    const body = `<ListAllMyBucketsResult><Buckets>${buckets}</Buckets></ListAllMyBucketsResult>`;
    // moto gives no regions.
    const regions = ({ right }: Asked) =>
      right === "s3:ListAllMyBuckets" ? { status: 200, type: "text/xml", body } : undefined;
    const { findings } = await audited(regions, { ...scope, region: "eu-north-1" });
    assert.deepEqual(all({ findings }), [`stack bucket ${NAME}-assets-111122223333`]);
    assert.equal(findings[0]!.region, "eu-west-1");
  });

  it("looks at nothing in another account", async () => {
    const { stderr, stdout, code } = await run("--stack", "prod");
    assert.match(
      stderr,
      /error: Expected account 777788889999 \(accountId in Pulumi\.prod\.yaml\), found 111122223333: signed in as arn:\S+\.\nSign in to 777788889999/,
    );
    assert.deepEqual([stdout, code], ["", 2]);
    assert.deepEqual(
      door.asked.map(({ right }) => right),
      ["sts:GetCallerIdentity"],
    );
  });

  it("says that nobody is signed in", async () => {
    const refused = audited(({ refuse }) => refuse("InvalidClientTokenId", 403, "The security token is invalid"));
    await assert.rejects(
      refused,
      new AccountError(
        "Expected an answer of AWS in eu-west-1 to who is signed in, found: The security token is invalid\n" +
          "Sign in to 111122223333 (aws sso login, AWS_PROFILE), and see that the region in Pulumi.dev.yaml exists and can be reached.",
      ),
    );
  });

  it("prints a table, and writes the same as Markdown", async () => {
    const directory = fs.mkdtempSync(path.join(os.tmpdir(), "audit-"));
    const file = path.join(directory, "audit.md");
    const { stdout, code } = await run("--stack", "dev", "--markdown", file);
    const markdown = fs.readFileSync(file, "utf8");
    fs.rmSync(directory, { recursive: true });
    for (const line of expected()) {
      const [, owner = "", kind = "", id = ""] = /^(\w+) ([\w ]+) (\S+)( going)?$/.exec(line)!;
      assert.ok(stdout.includes(id) && markdown.includes(`| ${kind} | \`${id}\` |`), `${owner} ${id}`);
    }
    assert.match(
      stdout.replaceAll("\n", " "),
      /^dev \(eks-storage-dev\) in 111122223333, eu-west-1: \d+ resources left, \d+ kept on purpose, 1 being deleted /,
    );
    assert.equal(code, 7);
  });

  it("says how it ends in its help, and for arguments that it doesn't know", async () => {
    const { stdout, code } = await run("--help");
    assert.match(
      stdout,
      /Exit codes: 0 nothing left but what is kept on purpose or being deleted,\n7 something is, 2 not all/,
    );
    assert.equal(code, 0);
    const unknown = await run("--stack", "nowhere");
    assert.match(unknown.stderr, /^error: There is no Pulumi\.nowhere\.yaml/);
    assert.deepEqual([unknown.code, (await run()).code], [2, 2]);
  });

  it("finds nothing where nothing is left", async () => {
    await moto.reset();
    const { stdout, code } = await run("--stack", "dev");
    const nothing = "dev (eks-storage-dev) in 111122223333, eu-west-1: nothing left\n";
    assert.deepEqual([stdout, code], [nothing, 0]);
  });
});
