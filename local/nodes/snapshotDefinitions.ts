/** The API group of snapshots, in the version that the objects have. */
export const SNAPSHOTS = "snapshot.storage.k8s.io/v1";

const open = { type: "object", "x-kubernetes-preserve-unknown-fields": true };

function definition(kind: string, namespaced: boolean, schema: object): object {
  const [group, version] = SNAPSHOTS.split("/");
  const plural = kind === "VolumeSnapshotClass" ? "volumesnapshotclasses" : `${kind.toLowerCase()}s`;
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: {
      name: `${plural}.${group}`,
      annotations: { "api-approved.kubernetes.io": "unapproved, a simulation" },
    },
    spec: {
      group,
      scope: namespaced ? "Namespaced" : "Cluster",
      names: { kind, listKind: `${kind}List`, plural, singular: kind.toLowerCase() },
      versions: [
        {
          name: version,
          served: true,
          storage: true,
          subresources: { status: {} },
          schema: { openAPIV3Schema: { type: "object", ...schema } },
        },
      ],
    },
  };
}

const spec = (required: string[], properties: object) => ({
  required: ["spec"],
  properties: { spec: { ...open, required, properties }, status: open },
});
const immutable = (message: string) => ({ "x-kubernetes-validations": [{ rule: "self == oldSelf", message }] });
const policy = { type: "string", enum: ["Delete", "Retain"] };

/**
 * What the add-on `snapshot-controller` brings: as much of it as refuses wrong objects.
 * https://github.com/kubernetes-csi/external-snapshotter/tree/master/client/config/crd
 */
export const snapshotDefinitions = [
  definition("VolumeSnapshotClass", false, {
    ...open,
    required: ["driver", "deletionPolicy"],
    properties: { driver: { type: "string" }, deletionPolicy: policy },
  }),
  definition(
    "VolumeSnapshot",
    true,
    spec(["source"], {
      source: {
        type: "object",
        properties: { persistentVolumeClaimName: { type: "string" }, volumeSnapshotContentName: { type: "string" } },
        ...immutable("the source of a snapshot is immutable"),
      },
    }),
  ),
  definition(
    "VolumeSnapshotContent",
    false,
    spec(["deletionPolicy", "driver", "source", "volumeSnapshotRef"], {
      deletionPolicy: policy,
      driver: { type: "string" },
      source: {
        type: "object",
        properties: { volumeHandle: { type: "string" }, snapshotHandle: { type: "string" } },
        ...immutable("the source of a snapshot's content is immutable"),
      },
      volumeSnapshotRef: open,
    }),
  ),
];
