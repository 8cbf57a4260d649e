/** A platform that has releases, in the words of Node.js. */
export type Platform = `${"linux" | "darwin"}-${"x64" | "arm64"}`;

/** Why a release can't be had: what was asked for, what was expected, what was found. */
export class DownloadError extends Error {}

/** A file of an official release. */
export interface Release {
  url: string;
  /** The document that has its SHA-256, and where in it that is. */
  checksum: { url: string; find(text: string): string | undefined };
  /** The tool that the file is, or what is taken out of the archive that it is. */
  gives: { binary: string } | { folders: number; members: string[] };
}

/** As Go, and so Kubernetes, etcd, kwok and Pulumi's plugins, call a platform. */
const goPlatform = (platform: Platform) => {
  const [os, arch] = platform.split("-");
  return { os: os!, arch: arch === "x64" ? "amd64" : "arm64" };
};

const nameOf = (url: string) => url.slice(url.lastIndexOf("/") + 1);

/** A list of `SHA-256  name` for all files of a release. */
const listed = (url: string, list: string): Release["checksum"] => ({
  url: list,
  find: (text) =>
    text
      .split("\n")
      .map((line) => line.trim().split(/\s+/))
      .find(([, name]) => name === nameOf(url))?.[0],
});

/** A file beside the release's own, with nothing else in it. */
const beside = (url: string): Release["checksum"] => ({ url: `${url}.sha256`, find: (text) => text.trim() });

interface GitHubRelease {
  assets: { name: string; digest: string | null }[];
}

/**
 * GitHub's own, taken when the file was uploaded, for releases that aren't known to have a list.
 * https://github.blog/changelog/2025-06-03-releases-now-expose-digests-for-release-assets/
 */
const digest = (repository: string, tag: string, name: string): Release["checksum"] => ({
  url: `https://api.github.com/repos/${repository}/releases/tags/${tag}`,
  find: (text) => {
    try {
      const { assets } = JSON.parse(text) as GitHubRelease;
      return assets.find((asset) => asset.name === name)?.digest?.replace(/^sha256:/, "");
    } catch {
      // Somebody else's answer, such as the sign-in page of a network.
      return undefined;
    }
  },
});

const onGitHub = (repository: string, tag: string, name: string) =>
  `https://github.com/${repository}/releases/download/${tag}/${name}`;

/**
 * The engine's command line, with its hosts of languages beside it.
 * https://github.com/pulumi/pulumi/blob/master/.github/workflows/sign.yml makes the list. It comes from another host than the
 * archive: both would have to be wrong in the same way.
 *
 * @param members What is taken out; by default all of it.
 */
export function engineRelease(platform: Platform, version: string, members: string[] = []): Release[] {
  const url = `https://get.pulumi.com/releases/sdk/pulumi-${version}-${platform}.tar.gz`;
  const list = onGitHub("pulumi/pulumi", version, `pulumi-${version.slice(1)}-checksums.txt`);
  return [{ url, checksum: listed(url, list), gives: { folders: 1, members } }];
}

/**
 * kwokctl downloads the same, without checksums: Kubernetes releases its control plane for Linux only, and the builds for
 * macOS are those of kwok's own makers, who call them unofficial (https://github.com/kwok-ci/k8s).
 * https://github.com/kubernetes-sigs/kwok/blob/v0.8.0/pkg/config/vars.go (setKwokctlKubernetesConfig, setKwokctlEtcdConfig)
 */
export function controlPlaneReleases(
  platform: Platform,
  { kubernetes, etcd, kwok }: { kubernetes: string; etcd: string; kwok: string },
): Release[] {
  const { os, arch } = goPlatform(platform);
  const ofKubernetes = (binary: string): Release => {
    const url = `https://dl.k8s.io/release/${kubernetes}/bin/${os}/${arch}/${binary}`;
    return { url, checksum: beside(url), gives: { binary } };
  };
  const asset = (repository: string, tag: string, binary: string, name = binary): Release => ({
    url: onGitHub(repository, tag, name),
    checksum: digest(repository, tag, name),
    gives: { binary },
  });
  const servers = ["kube-apiserver", "kube-controller-manager", "kube-scheduler"].map((binary) =>
    os === "linux" ? ofKubernetes(binary) : asset("kwok-ci/k8s", `${kubernetes}-kwok.0-${os}-${arch}`, binary),
  );
  const folder = `etcd-${etcd}-${os}-${arch}`;
  const etcdUrl = onGitHub("etcd-io/etcd", etcd, `${folder}.${os === "linux" ? "tar.gz" : "zip"}`);
  return [
    ...servers,
    ofKubernetes("kubectl"),
    {
      url: etcdUrl,
      checksum: listed(etcdUrl, onGitHub("etcd-io/etcd", etcd, "SHA256SUMS")),
      gives: { folders: 1, members: [`${folder}/etcd`] },
    },
    ...["kwok", "kwokctl"].map((binary) => asset("kubernetes-sigs/kwok", kwok, binary, `${binary}-${os}-${arch}`)),
  ];
}

/**
 * A provider's plugin, from where the engine downloads it, without a checksum.
 * https://github.com/pulumi/pulumi/blob/v3.251.0/sdk/go/common/workspace/plugins.go (githubSource.Download)
 */
export function pluginRelease(platform: Platform, provider: string, version: string): Release[] {
  const { os, arch } = goPlatform(platform);
  const [repository, tag] = [`pulumi/pulumi-${provider}`, `v${version}`];
  const name = `pulumi-resource-${provider}-${tag}-${os}-${arch}.tar.gz`;
  return [
    {
      url: onGitHub(repository, tag, name),
      checksum: digest(repository, tag, name),
      gives: { folders: 0, members: [`pulumi-resource-${provider}`] },
    },
  ];
}

/** https://github.com/rhysd/actionlint/blob/v1.7.12/.goreleaser.yaml */
export function actionlintRelease(platform: Platform, version: string): Release[] {
  const { os, arch } = goPlatform(platform);
  const asset = (name: string) => onGitHub("rhysd/actionlint", version, `actionlint_${version.slice(1)}_${name}`);
  const url = asset(`${os}_${arch}.tar.gz`);
  return [{ url, checksum: listed(url, asset("checksums.txt")), gives: { folders: 0, members: ["actionlint"] } }];
}
