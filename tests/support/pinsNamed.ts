import { addonPins, imagePins } from "../../components/versions";

const ADDONS: Record<string, string> = {
  vpcCni: "vpc-cni",
  kubeProxy: "kube-proxy",
  coredns: "coredns",
  podIdentityAgent: "eks-pod-identity-agent",
  SnapshotController: "snapshot-controller",
  efs: "aws-efs-csi-driver",
  ebs: "aws-ebs-csi-driver",
  s3: "aws-mountpoint-s3-csi-driver",
};

/** A version or an image that a program gives, beside the one that is pinned for what it is given for. */
export interface Named {
  /** The argument, or for `version` the component, or the kind of driver. */
  of: string;
  version: string;
  /** Undefined where nothing is pinned for it. */
  pinned: string | undefined;
}

/** All versions and images that a program in TypeScript, Python or YAML gives. */
export function pinsNamed(program: string): Named[] {
  const given = program.matchAll(/(\w+)\s*[:=]\s*"?(v\d[\w.]*-eksbuild\.\d+|public\.ecr\.aws\/[\w./:-]+)/g);
  return [...given].map(({ 1: name, 2: version, index }) => {
    const member = name!.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
    const [made] = [...program.slice(0, index).matchAll(/\b(?:storage\.|eks-storage:)([A-Z]\w+)(?:\(|\n)/g)]
      .filter(([, it]) => !it!.endsWith("Args"))
      .slice(-1);
    const component = made?.[1] ?? "";
    const [, kind] = /\bkind\s*[:=]\s*(?:storage\.CsiDriverKind\.)?(\w+)/.exec(program.slice(made?.index)) ?? [];
    const driver = component === "CsiDriver" ? kind?.toLowerCase() : undefined;
    const of =
      member === "version" ? (driver ?? component) : member === "image" ? `${component.toLowerCase()}Image` : member;
    const image = imagePins.find(({ key }) => key === of);
    return { of, version: version!, pinned: (image ?? addonPins[ADDONS[of] ?? ""])?.version };
  });
}
