import * as assert from "node:assert/strict";
import { UserError } from "../../cli/terminal";
import { checkPlatform } from "../../tools/platform";
import {
  actionlintRelease,
  controlPlaneReleases,
  engineRelease,
  type Platform,
  pluginRelease,
  type Release,
} from "../../tools/releases";
import { actionlintTools, controlPlaneTools, engineTools, kubernetesPluginTools } from "../../tools/toolSets";
import { nodejsHostTools } from "../../tools/languageTools";

const K8S = "https://dl.k8s.io/release/v1.35.4/bin";
const GITHUB = "https://github.com";
const API = "https://api.github.com/repos";

/** What is downloaded, with where its checksum is. */
const urls = (releases: Release[]) =>
  Object.fromEntries(
    releases.map(({ gives, url, checksum }) => [
      "binary" in gives ? gives.binary : gives.members.join(),
      [url, checksum.url],
    ]),
  );

const controlPlane = (platform: Platform) =>
  urls(controlPlaneReleases(platform, { kubernetes: "v1.35.4", etcd: "v3.6.5", kwok: "v0.8.0" }));

const beside = (url: string) => [url, `${url}.sha256`];

describe("official releases", () => {
  // https://github.com/pulumi/pulumi/blob/master/.github/workflows/sign.yml: pulumi-VERSION-checksums.txt
  // https://get.pulumi.com/install.sh: releases/sdk/pulumi-vVERSION-OS-ARCH.tar.gz; OS linux or darwin, ARCH x64 or arm64
  for (const platform of ["linux-x64", "linux-arm64", "darwin-x64", "darwin-arm64"] as const) {
    it(`of the engine for ${platform}`, () => {
      const [release] = engineRelease(platform, "v3.251.0");
      assert.equal(release!.url, `https://get.pulumi.com/releases/sdk/pulumi-v3.251.0-${platform}.tar.gz`);
      const list = `${GITHUB}/pulumi/pulumi/releases/download/v3.251.0/pulumi-3.251.0-checksums.txt`;
      assert.equal(release!.checksum.url, list);
    });
  }

  // https://kubernetes.io/releases/download: bin/OS/ARCH/BINARY with .sha256 beside it, servers for Linux only, kubectl for all
  // https://github.com/etcd-io/etcd/blob/v3.6.5/scripts/build-binary.sh: tar.gz for Linux, zip for macOS; release.sh: SHA256SUMS
  // https://github.com/kubernetes-sigs/kwok/blob/v0.8.0/hack/releases.sh and Makefile: BINARY-OS-ARCH, no checksums
  for (const [platform, arch] of [
    ["linux-x64", "amd64"],
    ["linux-arm64", "arm64"],
  ] as const) {
    it(`of the control plane for ${platform}`, () => {
      assert.deepEqual(controlPlane(platform), {
        "kube-apiserver": beside(`${K8S}/linux/${arch}/kube-apiserver`),
        "kube-controller-manager": beside(`${K8S}/linux/${arch}/kube-controller-manager`),
        "kube-scheduler": beside(`${K8S}/linux/${arch}/kube-scheduler`),
        kubectl: beside(`${K8S}/linux/${arch}/kubectl`),
        [`etcd-v3.6.5-linux-${arch}/etcd`]: [
          `${GITHUB}/etcd-io/etcd/releases/download/v3.6.5/etcd-v3.6.5-linux-${arch}.tar.gz`,
          `${GITHUB}/etcd-io/etcd/releases/download/v3.6.5/SHA256SUMS`,
        ],
        kwok: [
          `${GITHUB}/kubernetes-sigs/kwok/releases/download/v0.8.0/kwok-linux-${arch}`,
          `${API}/kubernetes-sigs/kwok/releases/tags/v0.8.0`,
        ],
        kwokctl: [
          `${GITHUB}/kubernetes-sigs/kwok/releases/download/v0.8.0/kwokctl-linux-${arch}`,
          `${API}/kubernetes-sigs/kwok/releases/tags/v0.8.0`,
        ],
      });
    });
  }

  // https://github.com/kwok-ci/k8s/blob/main/.github/workflows/build.yaml: a release TAG-kwok.0-OS-ARCH with the bare binaries
  // https://github.com/kubernetes-sigs/kwok/blob/v0.8.0/pkg/config/vars.go: kwokctl takes its servers from there, outside Linux
  for (const [platform, arch] of [
    ["darwin-x64", "amd64"],
    ["darwin-arm64", "arm64"],
  ] as const) {
    it(`of the control plane for ${platform}`, () => {
      const tag = `v1.35.4-kwok.0-darwin-${arch}`;
      const server = (binary: string) => [
        `${GITHUB}/kwok-ci/k8s/releases/download/${tag}/${binary}`,
        `${API}/kwok-ci/k8s/releases/tags/${tag}`,
      ];
      assert.deepEqual(controlPlane(platform), {
        "kube-apiserver": server("kube-apiserver"),
        "kube-controller-manager": server("kube-controller-manager"),
        "kube-scheduler": server("kube-scheduler"),
        kubectl: beside(`${K8S}/darwin/${arch}/kubectl`),
        [`etcd-v3.6.5-darwin-${arch}/etcd`]: [
          `${GITHUB}/etcd-io/etcd/releases/download/v3.6.5/etcd-v3.6.5-darwin-${arch}.zip`,
          `${GITHUB}/etcd-io/etcd/releases/download/v3.6.5/SHA256SUMS`,
        ],
        kwok: [
          `${GITHUB}/kubernetes-sigs/kwok/releases/download/v0.8.0/kwok-darwin-${arch}`,
          `${API}/kubernetes-sigs/kwok/releases/tags/v0.8.0`,
        ],
        kwokctl: [
          `${GITHUB}/kubernetes-sigs/kwok/releases/download/v0.8.0/kwokctl-darwin-${arch}`,
          `${API}/kubernetes-sigs/kwok/releases/tags/v0.8.0`,
        ],
      });
    });
  }

  // https://github.com/pulumi/pulumi/blob/v3.251.0/sdk/go/common/workspace/plugins.go (standardAssetName, githubSource.Download)
  // https://github.com/pulumi/pulumi-kubernetes/blob/master/.goreleaser.yml: BINARY-TAG-OS-ARCH
  const goNames = {
    "linux-x64": "linux-amd64",
    "linux-arm64": "linux-arm64",
    "darwin-x64": "darwin-amd64",
    "darwin-arm64": "darwin-arm64",
  };
  for (const [platform, name] of Object.entries(goNames) as [Platform, string][]) {
    it(`of the Kubernetes plugin for ${platform}`, () => {
      const repository = "pulumi/pulumi-kubernetes";
      assert.deepEqual(urls(pluginRelease(platform, "kubernetes", "4.34.2")), {
        "pulumi-resource-kubernetes": [
          `${GITHUB}/${repository}/releases/download/v4.34.2/pulumi-resource-kubernetes-v4.34.2-${name}.tar.gz`,
          `${API}/${repository}/releases/tags/v4.34.2`,
        ],
      });
    });
  }

  // https://github.com/rhysd/actionlint/blob/v1.7.12/.goreleaser.yaml and its playground's and Homebrew's URLs
  for (const [platform, name] of Object.entries(goNames) as [Platform, string][]) {
    it(`of actionlint for ${platform}`, () => {
      const release = `${GITHUB}/rhysd/actionlint/releases/download/v1.7.12/actionlint_1.7.12_`;
      assert.deepEqual(urls(actionlintRelease(platform, "v1.7.12")), {
        actionlint: [`${release}${name.replace("-", "_")}.tar.gz`, `${release}checksums.txt`],
      });
    });
  }

  it("give every binary of every tool set, in its version", () => {
    for (const set of [
      engineTools(),
      controlPlaneTools(),
      nodejsHostTools(),
      kubernetesPluginTools(),
      actionlintTools(),
    ]) {
      for (const platform of Object.keys(goNames) as Platform[]) {
        const releases = set.releases(platform);
        const given = releases.flatMap(({ gives }) =>
          "binary" in gives ? [gives.binary] : gives.members.map((member) => member.split("/").at(-1)!),
        );
        // The engine's archive is taken as it is.
        if (set.name !== "pulumi") assert.deepEqual(given.sort(), [...set.binaries].sort());
      }
    }
    assert.ok(engineTools().releases("linux-x64")[0]!.url.includes(engineTools().version));
    assert.ok(nodejsHostTools().releases("linux-x64")[0]!.url.includes(engineTools().version));
    const { version } = require("@pulumi/kubernetes/package.json") as { version: string };
    assert.ok(kubernetesPluginTools().releases("linux-x64")[0]!.url.includes(`v${version}`));
  });

  describe("have their checksums", () => {
    const [engine] = engineRelease("linux-x64", "v3.0.0");
    const [apiserver] = controlPlaneReleases("linux-x64", { kubernetes: "v1", etcd: "v3", kwok: "v0" });
    const [plugin] = pluginRelease("linux-x64", "kubernetes", "4.0.0");

    it("in a list, by the file's whole name", () => {
      const list =
        "aa  pulumi-v3.0.0-linux-x64.tar.gz.sig\nbb  pulumi-v3.0.0-linux-arm64.tar.gz\ncc  pulumi-v3.0.0-linux-x64.tar.gz\n";
      assert.equal(engine!.checksum.find(list), "cc");
      assert.equal(engine!.checksum.find("<html>"), undefined);
    });

    it("alone in a file", () => assert.equal(apiserver!.checksum.find("cc\n"), "cc"));

    it("in GitHub's description of a release", () => {
      const name = "pulumi-resource-kubernetes-v4.0.0-linux-amd64.tar.gz";
      const other = { name: "other", digest: "sha256:aa" };
      const description = (...assets: object[]) => JSON.stringify({ assets: [other, ...assets] });
      assert.equal(plugin!.checksum.find(description({ name, digest: "sha256:cc" })), "cc");
      // Of files that were uploaded before June 2025 GitHub has none.
      assert.equal(plugin!.checksum.find(description({ name, digest: null })), undefined);
      assert.equal(plugin!.checksum.find(description()), undefined);
      assert.equal(plugin!.checksum.find("<html>"), undefined);
    });
  });
});

describe("the platform", () => {
  it("is Linux or macOS; for Windows it says what to do", () => {
    checkPlatform("linux");
    checkPlatform("darwin");
    assert.throws(
      () => checkPlatform("win32"),
      (error: Error) =>
        error instanceof UserError && /On Windows use WSL 2 \(https:\S+\):\ninstall Node\.js there/.test(error.message),
    );
  });
});
