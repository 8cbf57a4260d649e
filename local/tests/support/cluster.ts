import type { Fields, KubernetesApi, KubernetesObject } from "../../kubernetes/client";
import type { Attempt } from "../../nodes/attempt";
import type { ClusterState } from "../../nodes/clusterState";

export const object = (
  kind: string,
  name: string,
  fields: Fields = {},
  metadata: Fields = {},
  apiVersion = "v1",
): KubernetesObject => ({ apiVersion, kind, metadata: { name, ...metadata }, ...fields });

/** What the agent sees of a cluster that has just these objects. */
export const clusterWith = (parts: Partial<ClusterState>): ClusterState => ({
  ...{ claims: [], volumes: [], classes: [], nodes: [], pods: [], attachments: [], drivers: [] },
  ...{ snapshots: [], contents: [], snapshotClasses: [] },
  ...parts,
});

/** An API server that takes everything. */
export class FakeApi {
  /** What it was asked, in order. */
  calls: [string, ...unknown[]][] = [];
  /** Names of the objects that it finds. */
  existing: string[] = [];

  readonly api = {
    create: async (created: unknown) => this.calls.push(["create", created]),
    merge: async ({ name }: Fields, patch: unknown) => this.calls.push(["merge", name, patch]),
    delete: async ({ name }: Fields) => this.calls.push(["delete", name]),
    find: async ({ name }: Fields) => (this.existing.includes(name as string) ? {} : undefined),
  } as unknown as KubernetesApi;
}

/** Does it, without a log, and lets what fails fail. */
export const attempt: Attempt = async (_, action) => void (await action());
