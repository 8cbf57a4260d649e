import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import type { V1Pod } from "@kubernetes/client-node";
import { AwsError } from "../../commands/awsQuestions";
import { ASSETS, IMAGES } from "../../components/workloads/locations";
import { checksumOf, newContent } from "../content";
import { type Context, ownName } from "../context";
import { expectContent, readFile, removeFile, writeFile } from "../inPod";
import { placeOf } from "../pods";
import { NotRun, Refuted, type Seen } from "../result";
import type { Step, StepRun } from "../step";
import { readyPods } from "../workload";

const WORKLOAD = { namespace: ASSETS, app: ASSETS, count: 1 };

/** How the images' volume shows a bucket: its mount options (components/volumes/staticVolume.ts). */
interface Mounted {
  name: string;
  region: string;
  /** What keys begin with. */
  prefix: string;
}

/** An object of this run: its key, and the file as which a pod sees it. */
interface Thing {
  key: string;
  file: string;
  content: string;
}

/** The bucket's files are its objects, in both directions. */
export const bucket: Step = {
  name: "bucket",
  checks: ({ outputs: { bucketName } }) => ({
    mounted: `a pod of assets is Ready, on a volume of ${bucketName ?? "the bucket"}`,
    fromPod: "what a pod writes is an object in the bucket, with the same checksum",
    toPod: "an object that is put into the bucket is a file in the pod, with the same checksum",
    removed: "nothing is left of what was made",
  }),
  unless: ({ outputs, isSimulated }) =>
    outputs.bucketName === undefined
      ? "the images are on EFS (assetsStorage)"
      : isSimulated
        ? "a local cloud's pods are simulated: nothing runs in them"
        : undefined,
  look: () => `kubectl describe pods --namespace ${ASSETS}`,
  needs: () => [
    { verb: "list", resource: "pods", namespace: ASSETS },
    { verb: "get", resource: "pods/exec", namespace: ASSETS },
    { verb: "create", resource: "pods/exec", namespace: ASSETS },
    { verb: "get", resource: "persistentvolumeclaims", namespace: ASSETS },
    { verb: "get", resource: "persistentvolumes" },
  ],
  run: async (it) => {
    const { pod, mounted } = await it.must("mounted", () => look(it));
    await it.check("fromPod", () => fromPod(it, pod, mounted));
    await it.check("toPod", () => toPod(it, pod, mounted));
  },
};

async function look(it: StepRun): Promise<Seen<{ pod: V1Pod; mounted: Mounted }>> {
  const { cluster, outputs, grace } = it.context;
  const name = outputs.bucketName!;
  const [pod] = await readyPods(it, WORKLOAD, grace);
  const claim = await cluster.find("PersistentVolumeClaim", outputs.pvcNames.assets, ASSETS);
  const volume = await cluster.find("PersistentVolume", claim?.spec?.volumeName ?? "none");
  const options = volume?.spec?.mountOptions ?? [];
  const option = (key: string) => options.find((it) => it.startsWith(`${key} `))?.slice(key.length + 1);
  const region = option("region");
  if (region === undefined) {
    throw new NotRun("the images' volume isn't one of Mountpoint: it names no region of the bucket");
  }
  return {
    saw: `${placeOf(pod!)}, ${options.join(", ")}`,
    value: { pod: pod!, mounted: { name, region, prefix: option("prefix") ?? "" } },
  };
}

const thingOf = (context: Context, { prefix }: Mounted, end: string): Thing => {
  const name = `${ownName(context)}-${end}.txt`;
  return { key: `${prefix}${name}`, file: `${IMAGES}/${name}`, content: newContent() };
};

/** Asks AWS. Whoever may not use the bucket has proved nothing about it. */
async function askAws({ aws }: Context, { region }: Mounted, ...args: string[]): Promise<unknown> {
  try {
    return await aws(region, "s3api", ...args);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const said = error.message.replace(/\s+/g, " ");
    if (/NoSuchKey|\b404\b/.test(said)) return undefined;
    throw new NotRun(`the bucket can't be asked: ${said}`);
  }
}

/** Works with a file of this machine that is gone afterwards. */
async function withFile<T>(content: string, work: (file: string) => Promise<T>): Promise<T> {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), "eks-storage-verify-"));
  try {
    const file = path.join(directory, "object");
    fs.writeFileSync(file, content);
    return await work(file);
  } finally {
    fs.rmSync(directory, { recursive: true });
  }
}

/** Before anything is written: who may not read the bucket writes nothing into it. */
const mustBeReadable = (context: Context, mounted: Mounted, key: string) =>
  askAws(context, mounted, "head-object", "--bucket", mounted.name, "--key", key);

async function fromPod(it: StepRun, pod: V1Pod, mounted: Mounted): Promise<Seen> {
  const { context } = it;
  const { key, file, content } = thingOf(context, mounted, "from-pod");
  await mustBeReadable(context, mounted, key);
  removeAtTheEnd(it, mounted, { key, file, content });
  await writeFile(context.cluster, pod, ASSETS, file, content);
  const seen = await withFile("", async (copy) => {
    const answer = await askAws(context, mounted, "get-object", "--bucket", mounted.name, "--key", key, copy);
    return answer === undefined ? undefined : fs.readFileSync(copy);
  });
  const command = `aws s3api head-object --bucket ${mounted.name} --key ${key} --region ${mounted.region}`;
  if (!seen) throw new Refuted(`the bucket has no object ${key}`, command);
  if (seen.toString() !== content)
    throw new Refuted(`the object ${key} has ${checksumOf(seen)}, not ${checksumOf(content)}`, command);
  return { saw: `${key}, ${checksumOf(content)}`, value: undefined };
}

async function toPod(it: StepRun, pod: V1Pod, mounted: Mounted): Promise<Seen> {
  const { context } = it;
  const { key, file, content } = thingOf(context, mounted, "to-pod");
  await mustBeReadable(context, mounted, key);
  removeAtTheEnd(it, mounted, { key, file, content });
  await withFile(content, (body) =>
    askAws(context, mounted, "put-object", "--bucket", mounted.name, "--key", key, "--body", body),
  );
  let found: string | undefined;
  await it.until(context.grace, async () => {
    found = await readFile(context.cluster, pod, ASSETS, file);
    return found === content ? true : undefined;
  });
  expectContent(pod, ASSETS, file, content, found);
  return { saw: `${key}, ${checksumOf(content)}`, value: undefined };
}

function removeAtTheEnd(it: StepRun, mounted: Mounted, { key, file }: Thing): void {
  const { context } = it;
  const removeInPod = async () => {
    // The pod of before may have gone.
    const [pod] = await readyPods(it, WORKLOAD, context.grace);
    await removeFile(context.cluster, pod!, ASSETS, file);
  };
  it.cleanup.add({
    what: `the object ${key} with its versions`,
    command: removalOf(mounted, key),
    remove: async () => {
      // The object goes with its versions, whether or not a pod can remove it.
      const failed = await removeInPod().catch((error: Error) => error);
      const count = await removeVersions(context, mounted, key);
      if (failed && count === 0) throw failed;
    },
  });
}

interface Versions {
  Versions?: { Key: string; VersionId: string }[];
  DeleteMarkers?: { Key: string; VersionId: string }[];
}

/** For a person with the rights: https://docs.aws.amazon.com/cli/latest/reference/s3api/delete-objects.html */
function removalOf({ name, region }: Mounted, key: string): string {
  const versions = "{Objects: [Versions, DeleteMarkers][].{Key: Key, VersionId: VersionId}}";
  const list = `aws s3api list-object-versions --bucket ${name} --prefix ${key} --region ${region}`;
  return `aws s3api delete-objects --bucket ${name} --region ${region} --delete "$(${list} --query '${versions}' --output json)"`;
}

/**
 * The bucket keeps versions (components/s3/bucket.ts): a deleted object is still paid for.
 *
 * @returns how many there were.
 * @throws NotRun for who may not list or delete versions: they stay.
 */
async function removeVersions(context: Context, mounted: Mounted, key: string): Promise<number> {
  const { name } = mounted;
  const answer = await askAws(context, mounted, "list-object-versions", "--bucket", name, "--prefix", key);
  const { Versions = [], DeleteMarkers = [] } = (answer ?? {}) as Versions;
  const found = [...Versions, ...DeleteMarkers].filter(({ Key }) => Key === key);
  for (const { VersionId } of found) {
    await askAws(context, mounted, "delete-object", "--bucket", name, "--key", key, "--version-id", VersionId);
  }
  return found.length;
}
