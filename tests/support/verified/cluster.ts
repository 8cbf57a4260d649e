import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { BUNDLED } from "../../../verify/steps/assets";
import { devObjects, type Fields, newUid, PASSWORD, pod, slice } from "./objects";

/** A client of a database as far as npm run verify uses one: tables of one row, each a file of the data directory. */
const MYSQL_CLIENT = `#!/bin/sh
[ "$MYSQL_PWD" = "$EXPECTED_PASSWORD" ] || { echo "ERROR 1045 (28000): Access denied for user 'catalog'" >&2; exit 1; }
for it in "$@"; do case $it in --execute=*) sql=\${it#--execute=};; esac; done
table=$DATA/$(printf %s "$sql" | grep -oE 'verify_[a-z0-9]+' | head -1)
case $sql in
  "CREATE TABLE"*) printf %s "$sql" | sed -E "s/.*VALUES \\('([^']*)'\\)/\\1/" >"$table" ;;
  "SELECT @@hostname") echo "$POD" ;;
  "SELECT value"*) [ -e "$table" ] && cat "$table" || { echo "ERROR 1146 (42S02): Table doesn't exist" >&2; exit 1; } ;;
  "DROP TABLE IF EXISTS"*) rm -f "$table" ;;
  *) echo "ERROR 1064 (42000): $sql" >&2; exit 1 ;;
esac
`;

const MOUNTS: Record<string, string> = { assets: "/usr/share/nginx/html/assets", "catalog-mysql": "/var/lib/mysql" };

const keyOf = ({ kind, metadata }: Fields) => `${kind}/${metadata.namespace ?? ""}/${metadata.name}`;
const appOf = ({ metadata }: Fields): string => metadata.labels?.["app.kubernetes.io/name"] ?? "";

/**
 * A cluster in which a dev stack runs, in memory: its pods' files are directories of this machine, their shells this
 * machine's, and what controllers and drivers do happens at once.
 */
export class VerifiedCluster {
  readonly objects = new Map<string, Fields>();
  readonly directory = fs.mkdtempSync(path.join(os.tmpdir(), "eks-storage-verified-"));
  /** Whether the volumes are what the claims stand for; otherwise each pod has an empty directory of its own. */
  hasVolumes = true;
  /** How long after its pod a disk is there, and after its deletion a namespace, in milliseconds. */
  delays = { disk: 0, namespace: 0 };
  /** Nodes that take pods, and have no room for another one. */
  fullNodes: string[] = [];
  /** What becomes of a deleted pod's successor. */
  successor: (it: Fields) => void = () => {};

  constructor() {
    for (const it of devObjects()) this.put(it);
    fs.mkdirSync(path.join(this.directory, "bin"));
    fs.writeFileSync(path.join(this.directory, "bin", "mysql"), MYSQL_CLIENT, { mode: 0o755 });
    fs.writeFileSync(path.join(this.directory, "password"), PASSWORD);
  }

  remove(): void {
    fs.rmSync(this.directory, { recursive: true });
  }

  put(object: Fields): void {
    this.objects.set(keyOf(object), object);
  }

  /** Those of a kind, and of a namespace if one is given. */
  all(kind: string, namespace?: string): Fields[] {
    const found = [...this.objects.values()].filter((it) => it.kind === kind);
    return found.filter(({ metadata }) => namespace === undefined || metadata.namespace === namespace);
  }

  find(kind: string, name: string, namespace = ""): Fields | undefined {
    return this.objects.get(`${kind}/${namespace}/${name}`);
  }

  /** Where a pod has its files. */
  filesOf(it: Fields): string {
    const app = appOf(it);
    const files = path.join(this.directory, this.hasVolumes ? app : `${app}-${it.metadata.uid}`);
    if (!fs.existsSync(files)) {
      fs.mkdirSync(files);
      // The init container copies them to whatever is mounted.
      if (app === "assets") for (const name of BUNDLED) fs.writeFileSync(path.join(files, name), name);
    }
    return files;
  }

  /** What runs have left in the pods' files. */
  leftovers(): string[] {
    const files = fs.readdirSync(this.directory, { recursive: true, encoding: "utf8" });
    return files.filter((file) => /verify/.test(file));
  }

  exec(it: Fields, command: string[]): { status: number; stdout: string; stderr: string } {
    const files = this.filesOf(it);
    const mount = MOUNTS[appOf(it)]!;
    const [program, ...args] = command.map((part) => part.replaceAll(mount, files));
    const env = {
      PATH: `${path.join(this.directory, "bin")}:${process.env.PATH}`,
      ...{
        MYSQL_USER: "catalog",
        MYSQL_DATABASE: "catalog",
        MYSQL_PASSWORD_FILE: path.join(this.directory, "password"),
      },
      ...{ DATA: files, POD: it.metadata.name, EXPECTED_PASSWORD: PASSWORD },
    };
    const { status, stdout, stderr } = spawnSync(program!, args, { env, encoding: "utf8" });
    return { status: status ?? 1, stdout, stderr };
  }

  /** What nginx answers. */
  serve(it: Fields, url: string): { status: number; body: Buffer } {
    const file = path.join(this.filesOf(it), url.replace("/assets/", ""));
    return fs.existsSync(file)
      ? { status: 200, body: fs.readFileSync(file) }
      : { status: 404, body: Buffer.from("none") };
  }

  create(object: Fields): void {
    object.metadata.uid = newUid();
    this.put(object);
    if (object.kind === "Pod") this.start(object);
  }

  delete(object: Fields): void {
    const { kind } = object;
    if (kind === "Namespace") return void setTimeout(() => this.end(object), this.delays.namespace);
    this.objects.delete(keyOf(object));
    if (kind === "Pod" && appOf(object) in MOUNTS) this.replace(object);
  }

  private end(namespace: Fields): void {
    const { name } = namespace.metadata;
    const within = (it: Fields) => it.metadata.namespace === name || it.metadata.name === name;
    for (const it of [...this.objects.values()].filter(within)) this.objects.delete(keyOf(it));
    this.reclaim();
  }

  /** What becomes of volumes whose claims are gone. */
  reclaim(): void {
    for (const it of this.all("PersistentVolume")) {
      const { claimRef, persistentVolumeReclaimPolicy } = it.spec;
      const isReleased = !this.find("PersistentVolumeClaim", claimRef.name, claimRef.namespace);
      if (isReleased && persistentVolumeReclaimPolicy === "Delete") this.objects.delete(keyOf(it));
    }
  }

  private replace(object: Fields): void {
    const { namespace, name } = object.metadata;
    const isDatabase = appOf(object) === "catalog-mysql";
    const next = isDatabase ? name : `${name}-next`;
    const made = pod(namespace, next, appOf(object), object.spec.nodeName);
    this.successor(made);
    this.put(made);
    if (isDatabase) this.put(slice(made));
  }

  /** Where the scheduler places a pod. */
  private nodeFor({ spec }: Fields): string | undefined {
    const [term] = spec.affinity?.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms ?? [];
    const fits = ({ metadata }: Fields) =>
      (term?.matchExpressions ?? []).every(({ key, values }: Fields) => values.includes(metadata.labels[key])) &&
      (term?.matchFields ?? []).every(({ values }: Fields) => !values.includes(metadata.name));
    return this.all("Node").find((it) => fits(it) && !this.fullNodes.includes(it.metadata.name))?.metadata.name;
  }

  /** What scheduler, driver and kubelet do with a pod on a claim of the class ebs. */
  private start(object: Fields): void {
    const { namespace, name } = object.metadata;
    const claimName = object.spec.volumes[0].persistentVolumeClaim.claimName;
    const claim = this.find("PersistentVolumeClaim", claimName, namespace)!;
    const [mode] = claim.spec.accessModes;
    const isFirst =
      this.all("Pod", namespace).filter((it) => it.spec.volumes[0].persistentVolumeClaim.claimName === claimName)
        .length === 1;
    const says = (kind: string, of: string, reason: string, message: string) =>
      this.put({
        ...{ apiVersion: "v1", kind: "Event", reason, message },
        involvedObject: { kind, name: of },
        metadata: { namespace, name: `${of}.1` },
      });
    object.status = { phase: "Pending", conditions: [] };
    if (mode === "ReadWriteMany") {
      says(
        "PersistentVolumeClaim",
        claimName,
        "ProvisioningFailed",
        'failed to provision volume with StorageClass "ebs": rpc error: code = InvalidArgument desc = Volume capabilities MULTI_NODE_MULTI_WRITER not supported. Only AccessModes[ReadWriteOnce] supported.',
      );
    } else if (isFirst) {
      object.spec.nodeName = this.nodeFor(object);
      claim.status = { phase: "Pending" };
      claim.metadata.annotations = { "volume.kubernetes.io/selected-node": object.spec.nodeName };
      const made = () => {
        claim.status = { phase: "Bound" };
        object.status = { phase: "Running", conditions: [{ type: "Ready", status: "True" }] };
        this.put({
          apiVersion: "v1",
          kind: "PersistentVolume",
          metadata: { name: `pv-${claimName}`, annotations: { "pv.kubernetes.io/provisioned-by": "ebs.csi.aws.com" } },
          spec: { claimRef: { namespace, name: claimName }, persistentVolumeReclaimPolicy: "Retain" },
        });
      };
      if (this.delays.disk === 0) made();
      else setTimeout(made, this.delays.disk);
    } else if (mode === "ReadWriteOncePod") {
      const message =
        "0/2 nodes are available: 2 node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already in-use by another pod.";
      // The scheduler says it twice, and the event may be there first.
      says("Pod", name, "FailedScheduling", message);
      const refused = { type: "PodScheduled", status: "False", reason: "Unschedulable", message };
      setTimeout(() => (object.status.conditions = [refused]), 30);
    } else if (!this.nodeFor(object)) {
      const message =
        "0/3 nodes are available: 1 Insufficient memory, 2 node(s) didn't match Pod's node affinity/selector.";
      object.status.conditions = [{ type: "PodScheduled", status: "False", reason: "Unschedulable", message }];
    } else {
      object.spec.nodeName = this.nodeFor(object);
      says(
        "Pod",
        name,
        "FailedAttachVolume",
        'Multi-Attach error for volume "pv-1" Volume is already exclusively attached to one node and can\'t be attached to another',
      );
    }
  }
}
