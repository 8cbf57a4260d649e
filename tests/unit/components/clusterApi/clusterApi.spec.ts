import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { clusterApi } from "../../../../components/clusterApi/clusterApi";
import type { ClusterApiError } from "../../../../components/clusterApi/clusterApiError";
import { type Answer, ApiServer, forbidden, TOKEN, users } from "../../../support/apiServer";
import { certificates } from "../../../support/certificates";

const PODS = "/api/v1/pods";
const pods = [{ metadata: { name: "pod" } }];

describe("clusterApi", () => {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), "eks-storage-sign-in-"));
  let cluster: ApiServer;

  beforeEach(async () => {
    cluster = await new ApiServer({ [PODS]: pods }).start();
  });
  afterEach(() => cluster.stop());
  after(() => fs.rmSync(directory, { recursive: true }));

  const file = (name: string, content: string, mode = 0o644) => {
    const full = path.join(directory, name);
    fs.writeFileSync(full, content, { mode });
    return full;
  };
  /** A user who signs in with a script for the shell, which stands for `aws eks get-token`. */
  const runs = (script: string, more: object = {}) => ({
    exec: {
      apiVersion: "client.authentication.k8s.io/v1beta1",
      command: file("aws", `#!/bin/sh\n${script}\n`, 0o755),
      args: ["eks", "get-token", "--cluster-name", "prod"],
      ...more,
    },
  });
  const prints = (status: object) => `printf %s '${JSON.stringify({ kind: "ExecCredential", status })}'`;
  const command = () => `"${path.join(directory, "aws")} eks get-token --cluster-name prod"`;
  const list = (user?: object, ofCluster?: object) => clusterApi(cluster.kubeconfig(user, ofCluster)).list(PODS);

  describe("signs in", () => {
    const { client, clientKey } = certificates;
    for (const [how, user] of [
      ["with a token", () => users.token],
      ["with a token in a file", () => ({ tokenFile: file("token", `${TOKEN}\n`) })],
      ["with a client certificate", () => users.certificate],
      [
        "with a client certificate in files",
        () => ({ "client-certificate": file("crt", client), "client-key": file("key", clientKey) }),
      ],
      ["with the token of a command", () => runs(prints({ token: TOKEN }))],
      [
        "with the client certificate of a command",
        () => runs(prints({ clientCertificateData: client, clientKeyData: clientKey })),
      ],
    ] as const) {
      it(how, async () => {
        assert.deepEqual(await list(user()), pods);
      });
    }

    it("with a command that is told what a kubeconfig tells it", async () => {
      const script = `echo "$CLUSTER $KUBERNETES_EXEC_INFO" > ${directory}/told; ${prints({ token: TOKEN })}`;
      await list(runs(script, { env: [{ name: "CLUSTER", value: "prod" }], provideClusterInfo: true }));
      const [name, info] = fs.readFileSync(path.join(directory, "told"), "utf8").split(/ (.*)/s) as [string, string];
      assert.equal(name, "prod");
      const { apiVersion, kind, spec } = JSON.parse(info);
      assert.deepEqual([apiVersion, kind], ["client.authentication.k8s.io/v1beta1", "ExecCredential"]);
      assert.deepEqual([spec.interactive, spec.cluster.server], [false, cluster.url]);
    });

    it("once for many questions, and again when a token has expired", async () => {
      const script = `echo run >> ${directory}/runs; printf '{"status":{"token":"%s"}}' "$(cat ${directory}/now)"`;
      file("now", TOKEN);
      const api = clusterApi(cluster.kubeconfig(runs(script)));
      assert.deepEqual([await api.list(PODS), await api.list(PODS)], [pods, pods]);
      const count = () => fs.readFileSync(path.join(directory, "runs"), "utf8").trim().split("\n").length;
      assert.equal(count(), 1);
      file("now", (cluster.token = "another"));
      assert.deepEqual(await api.list(PODS), pods);
      assert.equal(count(), 2);
    });
  });

  describe("knows the cluster", () => {
    it("by its authority in a file", async () => {
      const named = {
        "certificate-authority-data": undefined,
        "certificate-authority": file("ca", certificates.authority),
      };
      assert.deepEqual(await list(users.token, named), pods);
    });

    it("under another name", async () => {
      assert.deepEqual(await list(users.token, { "tls-server-name": "kubernetes" }), pods);
    });

    it("or takes any, where the kubeconfig says so", async () => {
      const any = { "certificate-authority-data": undefined, "insecure-skip-tls-verify": true };
      assert.deepEqual(await list(users.token, any), pods);
    });
  });

  it("tells what the cluster doesn't have from what is empty", async () => {
    cluster.contents = { [PODS]: [] };
    const api = clusterApi(cluster.kubeconfig());
    assert.deepEqual([await api.list(PODS), await api.list("/apis/none/v1/things")], [[], undefined]);
  });

  it("takes a web server's 404 for an API group that isn't there only where it may be missing", async () => {
    cluster.instead = () => ({ status: 404, body: "404 page not found\n" });
    const api = clusterApi(cluster.kubeconfig());
    assert.equal(await api.list("/apis/none/v1/things", true), undefined);
    await assert.rejects(api.list("/apis/none/v1/things"), /it answered 404: 404 page not found/);
    cluster.instead = () => ({ status: 404, body: "not found" });
    await assert.rejects(api.list("/apis/none/v1/things", true), /it answered 404: not found/);
  });

  describe("says what is wrong", () => {
    const errorOf = (asked: Promise<unknown>): Promise<[string, string]> =>
      asked.then(
        () => assert.fail("it answered"),
        (error: ClusterApiError) => [error.kind, error.message],
      );
    const anothers = { "certificate-authority-data": Buffer.from(certificates.anotherAuthority).toString("base64") };
    const withoutCommand = {
      exec: {
        apiVersion: "client.authentication.k8s.io/v1beta1",
        command: "aws",
        args: ["eks", "get-token"],
        env: [{ name: "PATH", value: directory }],
      },
    };

    it("where a token is refused", async () => {
      assert.deepEqual(await errorOf(list({ token: "old" })), [
        "signIn",
        `${cluster.url} doesn't know who signs in with the kubeconfig's user u (401).
The credential is expired or of another cluster, or its role has no access entry (aws eks list-access-entries). Sign in as one that the cluster knows, then run again.`,
      ]);
    });

    it("where a command's token is refused, though it was made anew", async () => {
      const [kind, message] = await errorOf(list(runs(prints({ token: "old" }))));
      assert.equal(kind, "signIn");
      assert.match(
        message,
        /^https:\S+ doesn't know who signs in with "\S+aws eks get-token --cluster-name prod" \(401/,
      );
      assert.equal(cluster.asked, 2);
    });

    it("where nobody signed in, as the API server sees it", async () => {
      cluster.instead = () => forbidden("system:anonymous");
      assert.equal((await errorOf(list()))[0], "signIn");
    });

    it("where the command isn't there", async () => {
      fs.rmSync(path.join(directory, "aws"), { force: true });
      assert.deepEqual(await errorOf(list(withoutCommand)), [
        "signIn",
        'The kubeconfig signs in with "aws eks get-token", and there is no command aws. Install it, or put its directory on PATH, then run again.',
      ]);
      const hinted = { exec: { ...withoutCommand.exec, installHint: "See aws.amazon.com/cli." } };
      assert.match((await errorOf(list(hinted)))[1], /there is no command aws\. See aws\.amazon\.com\/cli\.$/);
    });

    it("where the login that the command needs has expired", async () => {
      const user = runs("echo 'Error loading SSO Token: Token for prod has expired' >&2; exit 255", {
        env: [{ name: "AWS_PROFILE", value: "prod" }],
      });
      assert.deepEqual(await errorOf(list(user)), [
        "signIn",
        `${command()}, with which the kubeconfig signs in, failed: Error loading SSO Token: Token for prod has expired
Sign in to AWS again (aws sso login --profile prod, or new credentials), then run again.`,
      ]);
    });

    it("where the command prints no credential, without showing what it printed", async () => {
      for (const printed of [prints({}), "echo secret", prints({ clientCertificateData: "secret" })]) {
        const [kind, message] = await errorOf(list(runs(printed)));
        assert.equal(kind, "signIn");
        assert.match(
          message,
          /get-token .*must print an ExecCredential with a token, or with a client certificate and/,
        );
        assert.doesNotMatch(message, /secret/);
      }
    });

    it("where who signed in may not, by name", async () => {
      const role = "arn:aws:sts::111101013333:assumed-role/viewer/me";
      cluster.instead = () => forbidden(role, "pods");
      assert.deepEqual(await errorOf(list(runs(prints({ token: TOKEN })))), [
        "rights",
        `${role} may not list pods (403), signed in with ${command()}.
Give it an access entry with AmazonEKSClusterAdminPolicy, or a cluster role that may, or sign in as one that may, then run again.`,
      ]);
    });

    for (const [what, answer, said] of [
      ["is overloaded", { status: 503, body: { kind: "Status", message: "too busy" } }, "503: too busy"],
      ["is a proxy's page", { status: 200, body: "<html>\n  Sign in" }, "200: <html> Sign in"],
      ["is a proxy's refusal", { status: 403, body: "Blocked" }, "403: Blocked"],
      ["isn't there", { status: 404, body: "not found" }, "404: not found"],
      ["is no list", { status: 200, body: { kind: "Pod" } }, '200: {"kind":"Pod"}'],
      ["leads elsewhere", { status: 302, body: "" }, "302"],
    ] as [string, Answer, string][]) {
      it(`where the answer ${what}`, async () => {
        cluster.instead = () => answer;
        assert.deepEqual(await errorOf(list()), [
          "answer",
          `${cluster.url} must answer GET ${PODS} with a list; it answered ${said}`,
        ]);
      });
    }

    it("where another cluster has the address by now: it isn't gone, it is another", async () => {
      const [kind, message] = await errorOf(list(users.token, anothers));
      assert.equal(kind, "answer");
      assert.match(message, /^What answers at https:\S+ isn't the kubeconfig's cluster, .*: .*certificate/);
    });

    it("where nothing answers", async () => {
      const kubeconfig = cluster.kubeconfig();
      const { url } = cluster;
      cluster.stop();
      const [kind, message] = await errorOf(clusterApi(kubeconfig).list(PODS));
      assert.deepEqual(
        [kind, message.startsWith(`${url} can't be reached: connect ECONNREFUSED`)],
        ["unreachable", true],
      );
    });

    it("where the connection breaks before an answer, and where the name is nobody's", async () => {
      cluster.instead = () => "reset";
      assert.equal((await errorOf(list()))[0], "unreachable");
      assert.match(
        (await errorOf(list(users.token, { server: "https://cluster.invalid" }))).join(),
        /^unreachable,.*invalid/,
      );
    });
  });

  describe("refuses a kubeconfig", () => {
    const whole = () => JSON.parse(cluster.kubeconfig());
    for (const [what, text, refusal] of [
      ["that isn't one", () => "kubeconfig", "be JSON or YAML; it is 10 characters of something else"],
      ["that is empty", () => "{}", "have the context that it names as current-context; it names none"],
      [
        "without the cluster that it names",
        () => JSON.stringify({ ...whole(), clusters: [] }),
        "have the server of the context's cluster; there is none of the cluster c",
      ],
      [
        "without the user that it names",
        () => JSON.stringify({ ...whole(), users: null }),
        "have the context's user; there is no user u",
      ],
      [
        "with a proxy",
        () => cluster.kubeconfig(users.token, { "proxy-url": "http://p" }),
        "reach its cluster without a proxy; it has proxy-url",
      ],
      [
        "with a password",
        () => cluster.kubeconfig({ username: "me", password: "secret" }),
        "sign in with a token, a client certificate or a command (exec); the user u has a password",
      ],
      [
        "with a plugin of long ago",
        () => cluster.kubeconfig({ "auth-provider": { name: "gcp" } }),
        "sign in with a token, a client certificate or a command (exec); the user u has auth-provider",
      ],
      [
        "with nothing",
        () => cluster.kubeconfig({}),
        "sign in with a token, a client certificate or a command (exec); the user u has nothing",
      ],
    ] as [string, () => string, string][]) {
      it(what, async () => {
        await assert.rejects(clusterApi(text()).list(PODS), {
          kind: "signIn",
          message: `The kubeconfig must ${refusal}. Fix it, and run pulumi up.`,
        });
      });
    }
  });
});
