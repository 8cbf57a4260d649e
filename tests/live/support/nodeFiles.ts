import * as path from "node:path";

/** Where a node is, and how it is reached. */
export interface NodePlace {
  /** Of this node alone, in names of network interfaces, cgroups and files: at most 15 characters. */
  id: string;
  /** All that is the node's own. */
  directory: string;
  /** The node's address, on a bridge of its own. */
  address: string;
  /** The pods' addresses, such as 198.18.7.0/24. */
  subnet: string;
  /** The control plane's directory of certificates. */
  certificates: string;
  kubeconfig: string;
  /** The file in which the stand-in for AWS has what there is. */
  records: string;
}

/** The domain of the names that the cluster's DNS gives. */
const DOMAIN = "cluster.local";

/** https://github.com/containerd/containerd/blob/v1.6.20/docs/cri/config.md */
export const containerdConfiguration = ({ directory }: NodePlace, pauseImage: string): string => `version = 2
disabled_plugins = ["io.containerd.internal.v1.opt"]
root = "${directory}/containerd"
state = "${directory}/state"
[grpc]
  address = "${directory}/containerd.sock"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "${pauseImage}"
  # A container that starts others may not give them a lower score than it has.
  restrict_oom_score_adj = true
  netns_mounts_under_state_dir = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "${directory}/cni"
  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"
`;

/** One bridge for all pods, from which no way leads on: https://www.cni.dev/plugins/current/main/bridge/ */
export const networkConfiguration = ({ id, directory, subnet }: NodePlace) => ({
  cniVersion: "0.4.0",
  name: id,
  plugins: [
    {
      type: "bridge",
      bridge: id,
      ipam: { type: "host-local", dataDir: path.join(directory, "addresses"), ranges: [[{ subnet }]] },
    },
  ],
});

/**
 * https://kubernetes.io/docs/reference/config-api/kubelet-config.v1beta1/. The same for both versions of cgroups, which the kubelet
 * tells apart by itself. With `cgroupfs`, kubelet and runc make cgroups themselves, below one that is made for them; systemd, which
 * is recommended where it runs (https://kubernetes.io/docs/setup/production-environment/container-runtimes/#cgroup-drivers), would
 * have to be asked over D-Bus from within the node, and isn't in each container.
 */
export const kubeletConfiguration = ({ id, directory, address, certificates }: NodePlace) => ({
  apiVersion: "kubelet.config.k8s.io/v1beta1",
  kind: "KubeletConfiguration",
  address,
  healthzPort: 0,
  authentication: {
    anonymous: { enabled: false },
    webhook: { enabled: false },
    x509: { clientCAFile: path.join(certificates, "ca.crt") },
  },
  authorization: { mode: "AlwaysAllow" },
  containerRuntimeEndpoint: `unix://${directory}/containerd.sock`,
  podLogsDir: path.join(directory, "logs"),
  cgroupDriver: "cgroupfs",
  cgroupRoot: `/${id}`,
  failCgroupV1: false,
  failSwapOn: false,
  clusterDNS: [address],
  clusterDomain: DOMAIN,
  resolvConf: "",
  makeIPTablesUtilChains: false,
  // The machine isn't the node's own: how full it is decides nothing here.
  evictionHard: { "memory.available": "0%", "nodefs.available": "0%", "imagefs.available": "0%" },
  imageGCHighThresholdPercent: 100,
  registerWithTaints: [],
});

/** As EKS has it, as far as names of the cluster go: https://docs.aws.amazon.com/eks/latest/best-practices/cluster-services.html */
export const dnsConfiguration = ({ address, kubeconfig }: NodePlace): string => `.:53 {
  bind ${address}
  errors
  kubernetes ${DOMAIN} {
    kubeconfig ${kubeconfig}
    pods insecure
  }
  cache 30
}
`;

/**
 * What a kubelet wants of the kernel, and would set: https://github.com/kubernetes/component-helpers/blob/v0.35.4/node/util/sysctl/sysctl.go
 * It is shown files that say so, and the machine stays as it is.
 */
const KERNEL = [
  ...["vm/overcommit_memory=1", "vm/panic_on_oom=0", "kernel/panic=10", "kernel/panic_on_oops=1"],
  ...["kernel/keys/root_maxkeys=1000000", "kernel/keys/root_maxbytes=25000000"],
];

/** The file in which a node's first process writes which of its programs has ended, and how: `NAME STATUS`. */
export const ENDED = "ended";

/** A shell function that starts a program, `keep NAME COMMAND…`, and ends the shell when that ends. */
export const KEEP = `trap 'exit 1' TERM
keep() {
  name=$1
  shift
  {
    status=0
    "$@" >"$name.log" 2>&1 || status=$?
    [ -e ${ENDED} ] || echo "$name $status" >${ENDED}
    kill -TERM $$
  } &
}`;

/**
 * What runs on the node, in namespaces of its own for processes and mounts: they end, and are unmounted, with the first of them.
 * What programs keep in fixed places, they keep in the node's directory, or in memory. None of the programs ends by itself: the
 * first one that does, ends them all.
 */
export const NODE_SCRIPT = `set -eu
cd "$DIRECTORY"
for place in /opt /usr/libexec /var/lib; do
  mkdir -p "over$place/upper" "over$place/work"
  mount -t overlay overlay -o "lowerdir=$place,upperdir=$DIRECTORY/over$place/upper,workdir=$DIRECTORY/over$place/work" "$place"
done
for place in /run /var/log; do mount -t tmpfs tmpfs "$place"; done
for setting in ${KERNEL.join(" ")}; do
  file=kernel/\${setting%=*}
  mkdir -p "\${file%/*}"
  echo "\${setting#*=}" >"$file"
  mount --bind "$file" "/proc/sys/\${setting%=*}"
done
${KEEP}
keep containerd containerd --config containerd.toml
keep csi-stand-in "$CSI_STAND_IN" -kubelet "$DIRECTORY/kubelet" -volumes "$DIRECTORY/volumes" -records "$RECORDS" \\
  -node "$NODE" -zone "$ZONE"
keep coredns "$COREDNS" -conf Corefile
until [ -S containerd.sock ]; do sleep 0.1; done
keep kubelet "$KUBELET" --config kubelet.json --kubeconfig "$KUBECONFIG" --root-dir "$DIRECTORY/kubelet" \\
  --cert-dir "$DIRECTORY/certificates" --hostname-override "$NODE" \\
  --node-ip "$ADDRESS" --node-labels "$LABELS"
wait
`;
