import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import * as storage from "../../components/index";
import { LocalStack } from "./localStack";

/** A way out of a program: what it does with the secret, and where it is found then. */
type Way = [program: (secret: string) => unknown, found: RegExp[]];

const ways: Record<string, Way> = {
  "an error, in a URL": [
    (secret) => {
      throw new pulumi.RunError(`https://example.com/?token=${encodeURIComponent(secret)} doesn't answer`);
    },
    [/URL-encoded, in (the terminal|an error|an event)/],
  ],
  "a message, in hexadecimal digits": [
    (secret) => pulumi.log.info(Buffer.from(secret).toString("hex")),
    [/hex, in (the terminal|an error|an event)/],
  ],
  "an input that isn't secret": [
    (secret) => void new random.RandomPassword("leak", { length: 8, keepers: { secret } }),
    [
      /plain, in .*\/stacks\//,
      /plain, in .*\/history\//,
      /plain, in pulumi\/plan\.json/,
      /plain, in (the terminal|an error|an event)/,
    ],
  ],
  "an output, in base64 with more before it": [
    (secret) => ({ kubeconfig: Buffer.from(`user:${secret}`).toString("base64") }),
    [/base64 at offset 2, in .*\/stacks\//, /base64 at offset 2, in (the terminal|an error|an event)/],
  ],
};

describe("a secret is found", function () {
  this.timeout("2m");
  const stack = new LocalStack("dev");
  stack.savesAll = true;
  before(() => stack.start());
  after(() => assert.rejects(stack.stop(), /secrets are to be read/));

  /** Deploys a program that knows a secret, and finds where that is to be read. */
  async function leaksOf(name: string, program: Way[0]): Promise<string[]> {
    const secret = `${name.length}: k8s-aws-v1.Z2l2ZW4-in/a+kubeconfig=`;
    stack.secrets.add(name, secret);
    stack.program = async () => Object(program(secret)) as Record<string, unknown>;
    for (const operation of [() => stack.preview(), () => stack.up()]) {
      await operation().catch((error: unknown) => assert.match(String(error), /doesn't answer/));
    }
    return stack.secrets.leaks().filter((leak) => leak.startsWith(`${name}, `));
  }

  for (const [name, [program, found]] of Object.entries(ways)) {
    it(`in ${name}`, async () => {
      const leaks = await leaksOf(name, program);
      for (const one of found) {
        assert.ok(
          leaks.some((leak) => one.test(leak)),
          `${one}: ${leaks.join("\n")}`,
        );
      }
    });
  }

  it("nowhere, if it is a kubeconfig's that is given plainly to what keeps it", async () => {
    const leaks = await leaksOf("the kubeconfig's token", (token) => {
      const cluster = { server: "https://127.0.0.1:1" };
      const kubeconfig = JSON.stringify({
        apiVersion: "v1",
        kind: "Config",
        clusters: [{ name: "c", cluster }],
        users: [{ name: "u", user: { token } }],
        contexts: [{ name: "c", context: { cluster: "c", user: "u" } }],
        "current-context": "c",
      });
      const claim = { namespace: "catalog", name: "data", volumeKey: "volume", zoneKey: "zone" };
      const { Release } = storage.Retention;
      new storage.DeletionProtection("kept", { retention: Release, configuration: {}, claim, kubeconfig }, {});
    });
    assert.deepEqual(leaks, []);
  });
});
