import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { writeCredentials } from "../../../stack/controlPlane";
import { writeControlPlane } from "../../../stack/directory";

describe("aws in a local cloud", () => {
  const cloud = fs.mkdtempSync(path.join(os.tmpdir(), "aws-"));
  const bin = path.join(cloud, "bin");
  const base64 = (text: string) => Buffer.from(text).toString("base64");

  function aws(line: string, info?: object) {
    const env = { PATH: process.env.PATH, ...(info && { KUBERNETES_EXEC_INFO: JSON.stringify(info) }) };
    const { status, stdout, stderr } = spawnSync(path.join(bin, "aws"), line.split(" "), { env, encoding: "utf8" });
    return { status, stdout, stderr };
  }

  before(() => {
    fs.mkdirSync(bin);
    fs.symlinkSync(path.resolve(__dirname, "../../../aws/cli/aws.sh"), path.join(bin, "aws"));
    fs.writeFileSync(path.join(bin, "aws-by-node"), '#!/bin/sh\necho "node: $@"\n', { mode: 0o755 });
  });
  after(() => fs.rmSync(cloud, { recursive: true }));

  it("has no credential where there is no control plane", () => {
    const { status, stderr } = aws("eks get-token --cluster-name shop");
    assert.notEqual(status, 0);
    assert.match(stderr, /credential\.v1beta1\.json/);
  });

  for (const [version, info] of [
    ["v1beta1", undefined],
    ["v1beta1", { apiVersion: "client.authentication.k8s.io/v1beta1", spec: {} }],
    ["v1", { kind: "ExecCredential", apiVersion: "client.authentication.k8s.io/v1", spec: {} }],
  ] as const) {
    it(`gives the control plane's credential as ${version} to who asks by ${JSON.stringify(info)}`, () => {
      const certificates = { clientCertificateData: base64("certificate"), clientKeyData: base64("key") };
      writeControlPlane(cloud, { server: "https://127.0.0.1:1", certificateAuthorityData: "", ...certificates });
      writeCredentials(cloud);
      const { status, stdout } = aws("--region eu-west-1 eks get-token --cluster-name shop --output json", info);
      assert.equal(status, 0);
      assert.deepEqual(JSON.parse(stdout), {
        kind: "ExecCredential",
        apiVersion: `client.authentication.k8s.io/${version}`,
        spec: {},
        status: { clientCertificateData: "certificate", clientKeyData: "key" },
      });
    });
  }

  it("has Node.js answer everything else", () => {
    assert.deepEqual(aws("efs describe-file-systems --query a"), {
      status: 0,
      stdout: "node: efs describe-file-systems --query a\n",
      stderr: "",
    });
  });
});
