import type { V1Pod } from "@kubernetes/client-node";
import { ASSETS, HTTP_PORT, IMAGES } from "../../components/workloads/locations";
import { checksumOf, newContent } from "../content";
import { type Context, ownName } from "../context";
import { expectContent, httpGet, readFile, removeFile, writeFile } from "../inPod";
import { nameIn, nameOf, placeOf } from "../pods";
import { NotRun, Refuted, type Seen } from "../result";
import type { Step, StepRun } from "../step";
import { readyPods, replicasOf } from "../workload";

/** What the assets image brings along: https://github.com/aws-containers/retail-store-sample-app/tree/v0.4.0/src/assets */
export const BUNDLED = ["chrono_classic", "gentleman", "pocket_watch", "smart_1", "smart_2", "wood_watch"].map(
  (name) => `${name}.jpg`,
);

const WORKLOAD = { namespace: ASSETS, app: ASSETS };

/** What a run works with. */
interface Work {
  pods: V1Pod[];
  file: string;
  content: string;
}

const fileOf = (context: Context) => `${ownName(context)}.txt`;

/** The product images, which all pods share. */
export const assets: Step = {
  name: "assets",
  checks: (context) => ({
    pods: "as many pods of assets as there should be are Ready",
    images: `each pod has the ${BUNDLED.length} bundled images`,
    shared: `what one pod writes into ${fileOf(context)}, another one reads with the same checksum`,
    served: `both pods serve /assets/${fileOf(context)} over HTTP, with the same checksum`,
    survives: "the file is still there when both pods have been deleted, one after the other, and others have come",
    removed: "nothing is left of what was made",
  }),
  unless: ({ isSimulated }) => (isSimulated ? "a local cloud's pods are simulated: nothing runs in them" : undefined),
  look: () => `kubectl describe pods --namespace ${ASSETS}`,
  needs: () => [
    { verb: "list", resource: "pods", namespace: ASSETS },
    { verb: "get", resource: "deployments", group: "apps", namespace: ASSETS },
    ...["get", "create"].flatMap((verb) => [
      { verb, resource: "pods/exec", namespace: ASSETS },
      { verb, resource: "pods/portforward", namespace: ASSETS },
    ]),
    { verb: "delete", resource: "pods", namespace: ASSETS },
  ],
  run: async (it) => {
    const { context } = it;
    const { pods, count } = await it.must("pods", () => ready(it));
    await it.check("images", () => images(context, pods));
    const work: Work = { pods: apart(pods), file: `${IMAGES}/${fileOf(context)}`, content: newContent() };
    removeAtTheEnd(it, work.file);
    await it.check("shared", () => shared(it, work));
    await it.check("served", () => served(context, work));
    await it.check("survives", () => survives(it, work, count));
  },
};

async function ready(it: StepRun): Promise<Seen<{ pods: V1Pod[]; count: number }>> {
  const count = await replicasOf(it, ASSETS, ASSETS);
  const pods = await readyPods(it, { ...WORKLOAD, count }, it.context.grace);
  return { saw: pods.map(placeOf).join(", "), value: { pods, count } };
}

async function images({ cluster }: Context, pods: V1Pod[]): Promise<Seen> {
  const script = 'cd "$1" && shift && for it in "$@"; do [ -s "$it" ] || echo "$it"; done';
  for (const pod of pods) {
    const command = ["sh", "-c", script, "verify", IMAGES, ...BUNDLED];
    const { exitCode, stdout, stderr } = await cluster.exec(nameIn(pod), ASSETS, command);
    const missing = exitCode === 0 ? stdout.trim().split(/\s+/).filter(Boolean) : [stderr.trim()];
    if (missing.length === 0) continue;
    const look = `kubectl logs ${nameOf(pod)} --namespace ${ASSETS} --container seed`;
    throw new Refuted(`${placeOf(pod)} lacks ${missing.join(", ")}`, look);
  }
  return { saw: `all of them in ${pods.map(nameOf).join(" and ")}`, value: undefined };
}

/** Two of the pods, on different nodes if there are such: a volume of one node's would do for the others. */
function apart([first, ...others]: V1Pod[]): V1Pod[] {
  const second = others.find(({ spec }) => spec?.nodeName !== first?.spec?.nodeName) ?? others[0];
  return [first, second].filter((pod) => pod !== undefined);
}

function removeAtTheEnd(it: StepRun, file: string): void {
  const { cluster, grace } = it.context;
  it.cleanup.add({
    what: file,
    command: `kubectl exec deployment/${ASSETS} --namespace ${ASSETS} --container ${ASSETS} -- rm -f ${file}`,
    remove: async () => {
      const pods = await readyPods(it, { ...WORKLOAD, count: 1 }, Math.max(grace, 60));
      for (const pod of pods) await removeFile(cluster, pod, ASSETS, file);
    },
  });
}

async function shared(it: StepRun, { pods: [writer, reader], file, content }: Work): Promise<Seen> {
  const { cluster, grace } = it.context;
  await writeFile(cluster, writer!, ASSETS, file, content);
  if (!reader) throw new NotRun("there is one pod only: pulumi config set assetsReplicas 2");
  let found: string | undefined;
  await it.until(grace, async () => {
    found = await readFile(cluster, reader, ASSETS, file);
    return found === content ? true : undefined;
  });
  expectContent(reader, ASSETS, file, content, found);
  return { saw: `${checksumOf(content)}: ${placeOf(writer!)} wrote it, ${placeOf(reader)} read it`, value: undefined };
}

async function served({ cluster }: Context, { pods, file, content }: Work): Promise<Seen> {
  const path = `/assets/${file.slice(IMAGES.length + 1)}`;
  const wrong: string[] = [];
  for (const pod of pods) {
    const { status, body } = await httpGet(cluster, pod, HTTP_PORT, path);
    if (status !== 200) wrong.push(`${placeOf(pod)} answers ${status}`);
    else if (body.toString() !== content) wrong.push(`${placeOf(pod)} answers 200 with ${checksumOf(body)}`);
  }
  if (wrong.length > 0)
    throw new Refuted(
      wrong.join("; "),
      `kubectl logs deployment/${ASSETS} --namespace ${ASSETS} --container ${ASSETS}`,
    );
  return { saw: `200 from ${pods.map(nameOf).join(" and ")}, ${checksumOf(content)}`, value: undefined };
}

async function survives(it: StepRun, { pods, file, content }: Work, count: number): Promise<Seen> {
  const { cluster, patience, isDisruptive } = it.context;
  if (count < 2 && !isDisruptive) throw new NotRun("without its only pod nobody is served: that needs --disruptive");
  const uids: (string | undefined)[] = [];
  let others: V1Pod[] = [];
  for (const { metadata } of pods) {
    uids.push(metadata?.uid);
    await cluster.delete("Pod", { name: metadata?.name ?? "", namespace: ASSETS, uid: metadata?.uid });
    others = await readyPods(it, { ...WORKLOAD, count }, patience, uids);
  }
  for (const pod of others) {
    expectContent(pod, ASSETS, file, content, await readFile(cluster, pod, ASSETS, file));
  }
  return { saw: `${checksumOf(content)} in ${others.map(placeOf).join(" and ")}`, value: undefined };
}
