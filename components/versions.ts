/** One version that is pinned. Pulumi.yaml's defaults are these; `npm run versions` asks AWS what is newer. */
export interface Pin {
  /** The configuration key that sets another. */
  key: string;
  version: string;
  /** The day on which it was last seen offered, or in use with what else is pinned. */
  checked: string;
  /** Where its releases are listed. */
  source: string;
}

/**
 * The Kubernetes versions that the program is for, by the day that ends their standard support: what is newer comes here when
 * the add-ons' versions for it are known. On that day, in UTC, extended support begins.
 *
 * Checked 2026-11-29: https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html#kubernetes-release-calendar
 */
export const kubernetesVersions: Record<string, string> = {
  "1.34": "2026-12-02",
  "1.35": "2027-03-27",
  // Released on EKS on 2026-06-02.
  "1.36": "2027-08-02",
};

const CALENDAR = "https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html";
const GUIDE = "https://docs.aws.amazon.com/eks/latest/userguide/";
const RELEASES = "https://github.com/kubernetes-sigs/";

export const kubernetesPin: Pin = {
  key: "kubernetesVersion",
  version: "1.35",
  checked: "2026-11-29",
  source: CALENDAR,
};

/** EKS's add-ons, by the names that they have there. */
export const addonPins: Record<string, Pin> = {
  // Not v1.21.1-eksbuild.7 or .8: components/eks/vpcCniVersion.ts.
  "vpc-cni": {
    key: "vpcCniVersion",
    version: "v1.21.1-eksbuild.1",
    checked: "2026-11-29",
    source: `${GUIDE}managing-vpc-cni.html`,
  },
  "kube-proxy": {
    key: "kubeProxyVersion",
    version: "v1.35.0-eksbuild.2",
    checked: "2026-11-29",
    source: `${GUIDE}managing-kube-proxy.html`,
  },
  coredns: {
    key: "corednsVersion",
    version: "v1.13.1-eksbuild.1",
    checked: "2026-11-29",
    source: `${GUIDE}managing-coredns.html`,
  },
  "eks-pod-identity-agent": {
    key: "podIdentityAgentVersion",
    version: "v1.3.10-eksbuild.2",
    checked: "2026-11-29",
    source: "https://github.com/aws/eks-pod-identity-agent/releases",
  },
  "aws-efs-csi-driver": {
    key: "efsCsiDriverVersion",
    version: "v3.4.1-eksbuild.1",
    checked: "2026-11-29",
    source: `${RELEASES}aws-efs-csi-driver/releases`,
  },
  "aws-ebs-csi-driver": {
    key: "ebsCsiDriverVersion",
    version: "v1.64.0-eksbuild.1",
    checked: "2026-11-29",
    source: `${RELEASES}aws-ebs-csi-driver/releases`,
  },
  "aws-mountpoint-s3-csi-driver": {
    key: "s3CsiDriverVersion",
    version: "v2.7.0-eksbuild.1",
    checked: "2026-11-29",
    source: "https://github.com/awslabs/mountpoint-s3-csi-driver/releases",
  },
  "snapshot-controller": {
    key: "snapshotControllerVersion",
    version: "v8.6.0-eksbuild.8",
    checked: "2026-11-29",
    source: "https://github.com/kubernetes-csi/external-snapshotter/releases",
  },
};

/** Container images, each the whole of it. */
export const imagePins: Pin[] = [
  {
    key: "assetsImage",
    version: "public.ecr.aws/aws-containers/retail-store-sample-assets:0.4.0",
    checked: "2026-11-29",
    source: "https://gallery.ecr.aws/aws-containers/retail-store-sample-assets",
  },
  {
    key: "catalogImage",
    version: "public.ecr.aws/aws-containers/retail-store-sample-catalog:1.2.1",
    checked: "2026-11-29",
    source: "https://gallery.ecr.aws/aws-containers/retail-store-sample-catalog",
  },
  {
    key: "mysqlImage",
    version: "public.ecr.aws/docker/library/mysql:8.4.10",
    checked: "2026-11-29",
    source: "https://gallery.ecr.aws/docker/library/mysql",
  },
];
