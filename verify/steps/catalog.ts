import type { V1Pod } from "@kubernetes/client-node";
import { CATALOG, MYSQL, MYSQL_CONTAINER, MYSQL_DATA } from "../../components/workloads/locations";
import { checksumOf, newContent } from "../content";
import { type Context, ownName } from "../context";
import { query, Sql } from "../database";
import { expectContent, readFile, removeFile, writeFile } from "../inPod";
import { isReady, placeOf, stateOf } from "../pods";
import { NotRun, Refuted, type Seen } from "../result";
import type { Step, StepRun } from "../step";
import { readyPods, replicasOf } from "../workload";

/** The database's only pod. */
const POD = `${MYSQL}-0`;

const fileOf = (context: Context) => `${MYSQL_DATA}/${ownName(context)}.txt`;

/** The catalog, and the database that must not forget. */
export const catalog: Step = {
  name: "catalog",
  checks: (context) => ({
    pods: "as many pods of catalog as there should be are Ready, and its database's",
    written: `a file ${fileOf(context)} and a row are written on ${POD}`,
    back: `${POD}, deleted, is back under its name, and ${MYSQL} leads to it`,
    file: "the file is still there",
    row: "the row is still there",
    removed: "nothing is left of what was made",
  }),
  look: () => `kubectl describe pods --namespace ${CATALOG}`,
  needs: ({ isDisruptive, isSimulated }) => [
    { verb: "list", resource: "pods", namespace: CATALOG },
    { verb: "get", resource: "deployments", group: "apps", namespace: CATALOG },
    ...(isDisruptive && !isSimulated
      ? [
          { verb: "get", resource: "pods/exec", namespace: CATALOG },
          { verb: "create", resource: "pods/exec", namespace: CATALOG },
          { verb: "get", resource: "pods", namespace: CATALOG },
          { verb: "delete", resource: "pods", namespace: CATALOG },
          { verb: "list", resource: "endpointslices", group: "discovery.k8s.io", namespace: CATALOG },
        ]
      : []),
  ],
  run: async (it) => {
    const { isDisruptive, isSimulated } = it.context;
    const pod = await it.must("pods", () => ready(it));
    if (isSimulated) throw new NotRun("a local cloud's pods are simulated: nothing runs in them");
    if (!isDisruptive)
      throw new NotRun("while the database restarts nobody can read the catalog: that needs --disruptive");
    const content = newContent();
    const sql = new Sql(it.context.runId);
    removeAtTheEnd(it, sql);
    await it.must("written", () => write(it, pod, content, sql));
    const next = await it.must("back", () => restart(it, pod));
    await it.check("file", () => fileIsThere(it.context, next, content));
    await it.check("row", () => rowIsThere(it.context, next, sql));
  },
};

async function ready(it: StepRun): Promise<Seen<V1Pod>> {
  const count = await replicasOf(it, CATALOG, CATALOG);
  const pods = await readyPods(it, { namespace: CATALOG, app: CATALOG, count }, it.context.grace);
  const [database] = await readyPods(it, { namespace: CATALOG, app: MYSQL, count: 1 }, it.context.grace);
  return { saw: [...pods, database!].map(placeOf).join(", "), value: database! };
}

function removeAtTheEnd(it: StepRun, sql: Sql): void {
  const { context } = it;
  const { cluster, patience } = context;
  const inPod = `kubectl exec ${POD} --namespace ${CATALOG} --container ${MYSQL_CONTAINER} --`;
  const remover = async () => {
    const [pod] = await readyPods(it, { namespace: CATALOG, app: MYSQL, count: 1 }, patience);
    return pod!;
  };
  it.cleanup.add({
    what: fileOf(context),
    command: `${inPod} rm -f ${fileOf(context)}`,
    remove: async () => removeFile(cluster, await remover(), MYSQL_CONTAINER, fileOf(context)),
  });
  it.cleanup.add({
    what: `the table ${sql.table}`,
    command: `${inPod} sh -c 'mysql --user="$MYSQL_USER" --password="$(cat "$MYSQL_PASSWORD_FILE")" --execute="${sql.drop}" "$MYSQL_DATABASE"'`,
    remove: async () => {
      await query(cluster, await remover(), "127.0.0.1", sql.drop);
    },
  });
}

async function write(it: StepRun, pod: V1Pod, content: string, sql: Sql): Promise<Seen> {
  const { context } = it;
  await writeFile(context.cluster, pod, MYSQL_CONTAINER, fileOf(context), content);
  await query(context.cluster, pod, "127.0.0.1", sql.create);
  return { saw: `${checksumOf(content)}; a row in the table ${sql.table}`, value: undefined };
}

async function restart(it: StepRun, pod: V1Pod): Promise<Seen<V1Pod>> {
  const { cluster, patience } = it.context;
  const uid = pod.metadata?.uid;
  await cluster.delete("Pod", { name: POD, namespace: CATALOG, uid });
  let latest: V1Pod | undefined;
  const next = await it.until(patience, async () => {
    latest = await cluster.find("Pod", POD, CATALOG);
    return latest && latest.metadata?.uid !== uid && isReady(latest) ? latest : undefined;
  });
  if (!next) {
    const isSame = latest && latest.metadata?.uid === uid;
    const { is, look } = latest
      ? stateOf(latest)
      : { is: "gone", look: `kubectl describe statefulset ${MYSQL} --namespace ${CATALOG}` };
    throw new Refuted(`after ${patience} s ${POD} is ${isSame ? "still the one that was deleted" : is}`, look);
  }
  await expectAddress(it, next);
  return { saw: `${placeOf(next)} at ${next.status?.podIP}, answering as ${MYSQL}`, value: next };
}

/** The Service leads to the pod, and its name does: the database answers under it. */
async function expectAddress(it: StepRun, pod: V1Pod): Promise<void> {
  const { cluster, dnsPatience } = it.context;
  const labels = { "kubernetes.io/service-name": MYSQL };
  // A cluster with both kinds of addresses has a slice for each.
  const own = [pod.status?.podIP, ...(pod.status?.podIPs ?? []).map(({ ip }) => ip)];
  let addresses: string[] = [];
  const isLedTo = await it.until(dnsPatience, async () => {
    const slices = await cluster.list("EndpointSlice", { namespace: CATALOG, labels });
    addresses = slices.flatMap(({ endpoints = [] }) => endpoints.flatMap((endpoint) => endpoint.addresses));
    return addresses.length > 0 && addresses.every((address) => own.includes(address)) ? true : undefined;
  });
  if (!isLedTo) {
    const look = `kubectl get endpointslices --namespace ${CATALOG} --selector kubernetes.io/service-name=${MYSQL}`;
    throw new Refuted(
      `${POD} is at ${pod.status?.podIP}, and ${MYSQL} leads to ${addresses.join(", ") || "nothing"}`,
      look,
    );
  }
  let last: Error | undefined;
  const hasAnswered = await it.until(dnsPatience, () =>
    query(cluster, pod, MYSQL, Sql.hostName).then(
      (name) => {
        if (name !== POD)
          last = new Refuted(
            `what answers as ${MYSQL} is ${name}`,
            `kubectl describe service ${MYSQL} --namespace ${CATALOG}`,
          );
        return name === POD ? true : undefined;
      },
      (error: unknown) => {
        last = error as Error;
        return undefined;
      },
    ),
  );
  if (!hasAnswered && last) throw last;
}

async function fileIsThere(context: Context, pod: V1Pod, content: string): Promise<Seen> {
  const found = await readFile(context.cluster, pod, MYSQL_CONTAINER, fileOf(context));
  expectContent(pod, MYSQL_CONTAINER, fileOf(context), content, found);
  return { saw: `${checksumOf(content)} in ${placeOf(pod)}`, value: undefined };
}

async function rowIsThere({ cluster }: Context, pod: V1Pod, sql: Sql): Promise<Seen> {
  const found = await query(cluster, pod, "127.0.0.1", sql.select);
  if (found !== sql.value) {
    throw new Refuted(
      `the table ${sql.table} holds ${found === "" ? "nothing" : "another row"}`,
      `kubectl logs ${POD} --namespace ${CATALOG}`,
    );
  }
  return { saw: `the row is in the table ${sql.table}`, value: undefined };
}
