import * as fs from "node:fs";
import * as path from "node:path";
import type { KubernetesObject } from "../kubernetes/client";
import { cloudDirectory } from "../stack/directory";

/** The annotation of the nodes that kwok and the agent simulate. */
export const SIMULATED = { "kwok.x-k8s.io/node": "fake" };

export const isSimulated = ({ metadata }: KubernetesObject): boolean =>
  Object.entries(SIMULATED).every(([key, value]) => metadata.annotations?.[key] === value);

const realNodesFile = (cloud: string) => path.join(cloud, "real-nodes");

/** Has node groups come without simulated nodes: a real one joins by itself, which a spec starts (tests/live). */
export const useRealNodes = (cloud: string): void => fs.writeFileSync(realNodesFile(cloud), "");

/** Whether real nodes join this cloud's cluster. */
export const hasRealNodes = (): boolean => fs.existsSync(realNodesFile(cloudDirectory()));
