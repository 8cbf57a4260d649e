import { AwsError } from "../../commands/awsQuestions";
import type { Context } from "../context";
import { nodesOf, zoneOf } from "../nodes";
import { isReady, nameOf, stateOf } from "../pods";
import { NotRun, Refuted, type Seen } from "../result";
import type { Step } from "../step";
import { accountOf, regionOf } from "../outputs";

const SYSTEM = "kube-system";

/** Each driver's name, and the DaemonSet of its add-on: its chart's templates/node.yaml. */
const DRIVERS: Record<string, { driver: string; set: string }> = {
  // https://github.com/kubernetes-sigs/aws-efs-csi-driver/tree/master/charts/aws-efs-csi-driver
  efs: { driver: "efs.csi.aws.com", set: "efs-csi-node" },
  // https://github.com/kubernetes-sigs/aws-ebs-csi-driver/tree/master/charts/aws-ebs-csi-driver
  ebs: { driver: "ebs.csi.aws.com", set: "ebs-csi-node" },
  // https://github.com/awslabs/mountpoint-s3-csi-driver/tree/main/charts/aws-mountpoint-s3-csi-driver
  s3: { driver: "s3.csi.aws.com", set: "s3-csi-node" },
};

const kindsOf = ({ outputs }: Context) => ["efs", "ebs", ...(outputs.addonVersions.s3 === undefined ? [] : ["s3"])];

/** The drivers on the nodes. */
export const drivers: Step = {
  name: "drivers",
  checks: (context) =>
    Object.fromEntries(
      kindsOf(context).map((kind) => [
        kind,
        `on every node ${DRIVERS[kind]!.driver} is registered, and its pod is Ready`,
      ]),
    ),
  unless: ({ isSimulated, hasOtherVolumes }) =>
    isSimulated
      ? "a local cloud's nodes are simulated, and run no drivers"
      : hasOtherVolumes
        ? "other volumes stand behind the claims than the drivers'"
        : undefined,
  look: () => `kubectl get daemonsets --namespace ${SYSTEM}`,
  needs: () => [
    { verb: "list", resource: "nodes" },
    { verb: "get", resource: "daemonsets", group: "apps", namespace: SYSTEM },
    { verb: "list", resource: "pods", namespace: SYSTEM },
    { verb: "list", resource: "csinodes", group: "storage.k8s.io" },
  ],
  run: async (it) => {
    for (const kind of kindsOf(it.context)) await it.check(kind, () => look(it.context, kind));
  },
};

async function look(context: Context, kind: string): Promise<Seen> {
  const { driver, set } = DRIVERS[kind]!;
  const { cluster } = context;
  const daemonSet = await cluster.find("DaemonSet", set, SYSTEM);
  if (!daemonSet) {
    const addons = `aws eks list-addons --cluster-name ${context.outputs.clusterName}`;
    throw new Refuted(`there is no DaemonSet ${SYSTEM}/${set}`, addons);
  }
  const labels = daemonSet.spec?.selector.matchLabels;
  const pods = await cluster.list("Pod", { namespace: SYSTEM, labels });
  const registrations = await cluster.list("CSINode");
  const nodes = await nodesOf(cluster);
  const wrong: { node: string; is: string; look: string }[] = [];
  for (const { metadata } of nodes) {
    const node = metadata?.name ?? "";
    const own = pods.filter(({ spec }) => spec?.nodeName === node);
    const pod = own.find(isReady) ?? own[0];
    const known = registrations.find((it) => it.metadata?.name === node)?.spec.drivers ?? [];
    const list = `kubectl get pods --namespace ${SYSTEM} --selector app=${set} --output wide`;
    if (!pod) wrong.push({ node, is: "it has no pod", look: list });
    else if (!isReady(pod)) wrong.push({ node, is: `${nameOf(pod)} is ${stateOf(pod).is}`, look: stateOf(pod).look });
    else if (!known.some(({ name }) => name === driver)) {
      wrong.push({
        node,
        is: `${nameOf(pod)} hasn't registered the driver`,
        look: `kubectl get csinode ${node} --output yaml`,
      });
    }
  }
  if (wrong.length > 0) {
    throw new Refuted(wrong.map(({ node, is }) => `${node}: ${is}`).join("; "), wrong[0]!.look);
  }
  return { saw: `${nodes.length} of ${nodes.length} nodes`, value: undefined };
}

interface MountTargets {
  MountTargets?: { AvailabilityZoneName?: string; LifeCycleState: string }[];
}

/** Where a node without a mount target in its zone would mount through another zone, or not at all. */
export const mountTargets: Step = {
  name: "mountTargets",
  checks: ({ outputs }) => ({ zones: `${outputs.fileSystemId} has an available mount target in each node's zone` }),
  unless: ({ isSimulated, hasOtherVolumes }) =>
    isSimulated
      ? "AWS is a stand-in here"
      : hasOtherVolumes
        ? "other volumes stand behind the claims than the drivers'"
        : undefined,
  look: () => "kubectl get nodes",
  needs: () => [{ verb: "list", resource: "nodes" }],
  run: async (it) => {
    await it.check("zones", () => lookForMountTargets(it.context));
  },
};

async function lookForMountTargets(context: Context): Promise<Seen> {
  const { cluster, outputs, aws } = context;
  const question = ["efs", "describe-mount-targets", "--file-system-id", outputs.fileSystemId];
  const region = regionOf(outputs);
  const zones = [...new Set((await nodesOf(cluster)).map(zoneOf))].sort();
  let answer: MountTargets;
  try {
    answer = (await aws(region, ...question)) as MountTargets;
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    if (/\(FileSystemNotFound\)/.test(error.message)) throw await withoutFileSystem(context, error);
    throw new NotRun(`AWS can't be asked: ${error.message.replace(/\s+/g, " ")}`);
  }
  const states = new Map(
    (answer.MountTargets ?? []).map((it) => [it.AvailabilityZoneName ?? "", it.LifeCycleState] as const),
  );
  const wrong = zones.filter((zone) => states.get(zone) !== "available");
  if (wrong.length > 0) {
    const each = wrong.map((zone) => `${zone || "a node without a zone"}: ${states.get(zone) ?? "none"}`);
    throw new Refuted(each.join("; "), `aws ${question.join(" ")} --region ${region}`);
  }
  return { saw: zones.join(", "), value: undefined };
}

/** A file system that is gone; or one of an account that isn't asked, of which nothing is known then. */
async function withoutFileSystem({ outputs, aws }: Context, said: AwsError): Promise<Error> {
  const region = regionOf(outputs);
  const question = ["sts", "get-caller-identity"];
  const asked = ((await aws(region, ...question).catch(() => undefined)) as { Account?: string } | undefined)?.Account;
  const account = accountOf(outputs);
  if (asked !== account) {
    return new NotRun(
      `the file system is of the account ${account}, and AWS looks in ${asked ?? "one that it doesn't tell"}`,
    );
  }
  const look = `aws efs describe-file-systems --region ${region}`;
  return new Refuted(`there is no ${outputs.fileSystemId}: ${said.message.replace(/\s+/g, " ")}`, look);
}
