import type { Aws } from "../commands/awsQuestions";
import type { Cluster } from "./cluster";
import type { Outputs } from "./outputs";

/** What is verified, and how. */
export interface Context {
  cluster: Cluster;
  outputs: Outputs;
  /** Asks AWS. */
  aws: Aws;
  /** Part of every name of what a run makes: a lower-case word that no other run has. */
  runId: string;
  /** Whether the database may be restarted, and pods and disks be made. */
  isDisruptive: boolean;
  /** Whether the pods are simulated ones of a local cloud, in which nothing runs, and AWS is a stand-in. */
  isSimulated: boolean;
  /** Whether other volumes stand behind the claims than the drivers': their drivers and handles aren't looked at. */
  hasOtherVolumes: boolean;
  /** How long a pod may take to come back, in seconds. */
  patience: number;
  /** How long something that should be so already may take to be so, in seconds. */
  grace: number;
  /** How long the cluster's DNS may go on giving an earlier address, in seconds. */
  dnsPatience: number;
  /** How long to wait before looking again, in milliseconds. */
  interval: number;
}

/** The name of everything that a run makes. */
export const ownName = ({ runId }: Pick<Context, "runId">): string => `verify-${runId}`;
