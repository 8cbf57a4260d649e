import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import * as yaml from "yaml";
import { config } from "../../../commands/config";
import { configurationDocument } from "../../../commands/docs";
import { checkStack } from "../../../local/cli/configuration";
import { UserError } from "../../../local/cli/terminal";
import { withOwnValues } from "../../../local/stack/ownValues";
import { environments } from "../../support/program";

const CHECKOUT = path.join(__dirname, "..", "..", "..");
const ACCOUNT = 'eks-storage:accountId: "111101013333"';
const NETWORKS = "eks-storage:apiAccessCidrs: [198.18.113.0/24]";

describe("npm run config", () => {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), "eks-storage-config-"));
  before(() => fs.copyFileSync(path.join(CHECKOUT, "Pulumi.yaml"), path.join(directory, "Pulumi.yaml")));
  after(() => fs.rmSync(directory, { recursive: true }));

  /** What it says about a file of one's own. */
  const said = (...lines: string[]) => {
    fs.writeFileSync(path.join(directory, "Pulumi.mine.yaml"), ["config:", ...lines].join("\n  "));
    return config(directory, "mine");
  };
  /** What the file is refused with: each mistake with how to fix it. */
  const mistakes = (...lines: string[]) => {
    const { text, exitCode } = said(...lines);
    assert.equal(exitCode, 1, text);
    const [title, ...rest] = text.split("\n");
    assert.equal(title, "Pulumi.mine.yaml can't be deployed:");
    assert.match(rest.pop()!, /^Fix a key with/);
    return rest;
  };

  for (const environment of environments) {
    it(`shows what is in force in ${environment}, within 80 columns`, () => {
      const file = fs.readFileSync(path.join(CHECKOUT, `Pulumi.${environment}.yaml`), "utf8");
      const { config: values } = yaml.parse(file) as { config: Record<string, unknown> };
      const { text, exitCode } = said(
        ...Object.entries(withOwnValues(values)).map((it) => `${it[0]}: ${JSON.stringify(it[1])}`),
      );
      assert.equal(exitCode, 0, text);
      assert.match(text, /^\* accountId +\d{12}$/m);
      assert.match(text, /^ {2}mysqlZone +eu-west-1a$/m);
      text.split("\n").forEach((line) => assert.ok(line.length <= 80, line));
    });
  }

  it("refuses the environments as they are shipped: it says which values are examples, and how to find one's own", () => {
    const accounts = { dev: "111122223333", staging: "444455556666", prod: "777788889999" };
    for (const environment of environments) {
      const { text, exitCode } = config(CHECKOUT, environment);
      assert.equal(exitCode, 1);
      assert.deepEqual(text.split("\n"), [
        `Pulumi.${environment}.yaml can't be deployed:`,
        `  - eks-storage:accountId must be your own, not an example's; it is '${accounts[environment]}'.`,
        `    AWS's documentation uses ${accounts[environment]} for examples. ` +
          "Yours: aws sts get-caller-identity --query Account --output text",
        "  - eks-storage:apiAccessCidrs must be your own, not an example's; it is [ '203.0.113.0/24' ].",
        "    Nobody has an address in 203.0.113.0/24 (RFC 5737). " +
          "Yours, with /32 after it: curl https://checkip.amazonaws.com",
        "Fix a key with: pulumi config set KEY VALUE. docs/configuration.md describes them all.",
      ]);
    }
  });

  it("refuses what only a default provider would read, and says what to use instead", () => {
    const lines = mistakes(ACCOUNT, NETWORKS, "aws:region: us-east-1", "aws:secretKey: hush", "kubernetes:x: 1");
    const left = "must be left out: the program makes its own providers, which don't read it";
    assert.deepEqual(lines, [
      `  - aws:region ${left}; it is 'us-east-1'.`,
      "    Set eks-storage:region. Then: pulumi config rm aws:region",
      `  - aws:secretKey ${left}; it is 'set'.`,
      "    Who signs in is decided outside the stack's file: sign in first, or set AWS_PROFILE. eks-storage:assumeRoleArn " +
        "is a role to assume then. Then: pulumi config rm aws:secretKey",
      `  - kubernetes:x ${left}; it is '1'.`,
      "    No key of this project sets it. Then: pulumi config rm kubernetes:x",
    ]);
  });

  it("says what it can't see where the file imports ESC environments, and refuses only what the file itself sets", () => {
    const inFile = (...lines: string[]) => {
      fs.writeFileSync(path.join(directory, "Pulumi.esc.yaml"), lines.join("\n"));
      return config(directory, "esc");
    };
    const open = inFile("environment:", "  - shop/prod", "config:", "  eks-storage:natGateways: single");
    assert.equal(open.exitCode, 0, open.text);
    assert.match(open.text, /ESC environments, which can't be read here: shop\/prod\./);
    assert.match(open.text, /^\* natGateways +single$/m);
    open.text.split("\n").forEach((line) => assert.ok(line.length <= 80, line));

    const wrong = inFile("environment:", "  imports: [base]", "config:", "  eks-storage:natGateways: two");
    assert.equal(wrong.exitCode, 1);
    assert.match(wrong.text, /natGateways must be one of single, perZone; it is 'two'/);
    assert.doesNotMatch(wrong.text, /accountId/);
    fs.rmSync(path.join(directory, "Pulumi.esc.yaml"));
  });

  it("says when the support of the stack's own Kubernetes version ends", () => {
    const known = ['eks-storage:accountId: "111101013333"', NETWORKS];
    const warning = (...lines: string[]) => {
      fs.writeFileSync(path.join(directory, "Pulumi.mine.yaml"), ["config:", ...known, ...lines].join("\n  "));
      const { text, exitCode } = config(directory, "mine");
      assert.equal(exitCode, 0, text);
      return text.split("\n").filter((line) => line.startsWith("warning:"));
    };
    const ending = ['eks-storage:kubernetesVersion: "1.34"', "eks-storage:kubeProxyVersion: v1.34.0-eksbuild.1"];
    assert.equal(warning(...ending).length, 1);
    assert.match(
      warning(...ending)[0]!,
      /Kubernetes 1\.34 is in EKS's standard support until 2026-12-02, for 3 more days/,
    );
    assert.deepEqual(warning(), []);
  });

  it("finds missing, mistyped, unknown and contradicting keys in one go", () => {
    assert.deepEqual(
      mistakes(
        NETWORKS,
        "eks-storage:zones: eu-west-1a",
        "eks-storage:retension: retain",
        "eks-storage:mysqlZone: eu-west-1c",
        "eks-storage:adoptMysqlZone: eu-west-1c",
        "eks-storage:assetsUid: 0",
      ),
      [
        "  - eks-storage:accountId must be an AWS account id: twelve digits, in quotes; it is missing.",
        '    In Pulumi.mine.yaml, such as eks-storage:accountId: "111122223333"',
        "  - eks-storage:zones must be a list of at least two availability zones: EKS requires them; it is 'eu-west-1a'.",
        "    In Pulumi.mine.yaml, such as eks-storage:zones: [eu-west-1a, eu-west-1b]",
        "  - eks-storage:adoptMysqlVolumeId must be set with adoptMysqlZone and adoptMysqlCredentials; it is missing.",
        "    The destroy that kept the disk printed all three.",
        "  - eks-storage:assetsUid must be a whole number from 1 to 4294967295; it is 0.",
        "    Choose the number that the workload's image runs as, never 0 (root).",
        "  - eks-storage:retension must be a key of this project; it is 'eks-storage:retension'.",
        "    Pulumi would ignore it. The nearest is eks-storage:retention.",
      ],
    );
  });

  it("refuses what the engine would refuse for its type, though the program could read it", () => {
    for (const [line, key] of [
      [`eks-storage:zones: '["eu-west-1a","eu-west-1b"]'`, "zones"],
      ["eks-storage:tags: 5", "tags"],
      ["eks-storage:vpcCidr: [10.0.0.0/16]", "vpcCidr"],
      ["eks-storage:runnerInsideVpc: 1", "runnerInsideVpc"],
      ["eks-storage:nodesPerZone: 1.5", "nodesPerZone"],
      ["eks-storage:administrators: [{ a: 1 }]", "administrators"],
    ] as const) {
      const [mistake, , ...others] = mistakes(ACCOUNT, NETWORKS, line);
      assert.match(mistake!, new RegExp(`^  - eks-storage:${key} must be `));
      assert.deepEqual(others, [], line);
    }
  });

  it("takes numbers and truths in quotes, as pulumi config set writes them", () => {
    const { text, exitCode } = said(
      ACCOUNT,
      NETWORKS,
      'eks-storage:nodesPerZone: "2"',
      'eks-storage:runnerInsideVpc: "true"',
    );
    assert.equal(exitCode, 0, text);
    assert.match(text, /^\* nodesPerZone +2$/m);
  });

  it("says that an account id without quotes has lost its first digit", () => {
    const [mistake] = mistakes("eks-storage:accountId: 012345678901", NETWORKS);
    assert.equal(
      mistake,
      "  - eks-storage:accountId must be an AWS account id: twelve digits, in quotes; it is '12345678901'.",
    );
  });

  it("refuses a key without the project's name, which Pulumi can't read", () => {
    assert.deepEqual(mistakes(ACCOUNT, NETWORKS, "retention: retain"), [
      "  - retention must be a key of this project; it is 'retention'.",
      "    Pulumi would ignore it. The nearest is eks-storage:retention.",
    ]);
  });

  it("names what a file has beside config, which Pulumi would ignore", () => {
    const file = path.join(directory, "Pulumi.mine.yaml");
    const right = `config:\n  ${ACCOUNT}\n  ${NETWORKS}\nencryptionsalt: v1:abc\nsecretsProvider: passphrase\n`;
    fs.writeFileSync(file, right);
    assert.equal(config(directory, "mine").exitCode, 0);
    fs.writeFileSync(file, `${right}confg:\n  eks-storage:retention: retain\n`);
    const { text, exitCode } = config(directory, "mine");
    assert.equal(exitCode, 1);
    const mistake =
      "  - confg must be one of config, environment, secretsprovider, encryptedkey, encryptionsalt: the sections of a " +
      "stack's file; it is 'confg'.\n" +
      "    Pulumi would ignore it, and all that is below it. The nearest is config.";
    assert.ok(text.includes(`\n${mistake}\n`), text);
  });

  it("shows nothing of what is encrypted, and takes none of it", () => {
    const [mistake, fix] = mistakes(ACCOUNT, NETWORKS, "eks-storage:mysqlZone: { secure: v1:abcdef }");
    assert.equal(mistake, "  - eks-storage:mysqlZone must be stored as plain text; it is '[secret]'.");
    assert.equal(fix, "    No key of this project is a secret: pulumi config set --plaintext mysqlZone VALUE");
  });

  it("says in one line what is wrong with a file that it can't read", () => {
    assert.deepEqual(config(directory, "nowhere"), {
      text: "error: There is no Pulumi.nowhere.yaml. Stacks with a file are: mine.",
      exitCode: 1,
    });
    const circular = `${NETWORKS}\n  eks-storage:tags: &all { a: *all }`;
    const deep = `eks-storage:tags: ${"[".repeat(9999)}${"]".repeat(9999)}`;
    for (const lines of [["- a list"], ["a: [1"], ['"a: 1'], [circular], [deep]]) {
      assert.match(said(...lines).text, /^error: Pulumi\.mine\.yaml can't be read: [^\n]+$/);
    }
  });
});

describe("the local commands", () => {
  const local = { checkout: CHECKOUT, stack: "dev", cloud: path.join(CHECKOUT, ".local", "none") };

  /** Checks dev, and what is said on the way. */
  function check(...pairs: string[]): string[] {
    const said: string[] = [];
    const { error } = console;
    console.error = (line: string) => void said.push(line);
    try {
      checkStack(local, pairs);
      return said;
    } finally {
      console.error = error;
    }
  }

  const refused = (pairs: string[], message: RegExp) =>
    assert.throws(
      () => check(...pairs),
      (error) => error instanceof UserError && message.test(error.message),
    );

  it("refuse a wrong configuration before anything is built or started, --config included", () => {
    check("nodesPerZone=2");
    refused(
      ["nodesPerZone=0", "zone=x"],
      /^Pulumi\.dev\.yaml can't be deployed:\n {2}- eks-storage:nodesPerZone .*\n.*\n {2}- eks-storage:zone must/,
    );
  });

  it("have values of the local cloud's own in place of the file's examples, and say so in one line", () => {
    const line = "In place of the examples in Pulumi.dev.yaml, the local cloud has values of its own: ";
    assert.deepEqual(check(), [`${line}accountId, apiAccessCidrs.`]);
    assert.deepEqual(check('apiAccessCidrs=["198.18.7.0/24"]'), [`${line}accountId.`]);
    assert.deepEqual(check('apiAccessCidrs=["198.18.7.0/24"]', "accountId=200000000003"), []);
  });

  it("refuse an example that somebody gives them", () => {
    refused(
      ["accountId=123456789012"],
      /eks-storage:accountId must be your own, not an example's; it is '123456789012'/,
    );
  });
});

describe("docs/configuration.md", () => {
  it("says what Pulumi.yaml and the tables say: npm run docs makes it anew", async () => {
    const page = fs.readFileSync(path.join(CHECKOUT, "docs", "configuration.md"), "utf8");
    assert.equal(page, await configurationDocument(), "stale: npm run docs");
  });
});
