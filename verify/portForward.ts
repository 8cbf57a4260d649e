import { Duplex, PassThrough } from "node:stream";
import { type KubeConfig, PortForward } from "@kubernetes/client-node";
import { ClusterError, type PodName } from "./cluster";

/**
 * A connection to a port of a pod, through the API server. It ends when the pod closes it; what the kubelet says instead of
 * connecting is its error.
 */
export async function portForward(config: KubeConfig, { namespace, name }: PodName, port: number): Promise<Duplex> {
  const [toPod, fromPod, complaints] = [new PassThrough(), new PassThrough(), new PassThrough()];
  const stream = Duplex.from({ writable: toPod, readable: fromPod });
  complaints.setEncoding("utf8").on("data", (text: string) => {
    // The first thing on this channel is the port's number, and then nothing.
    if (text.trim() !== "") stream.destroy(new ClusterError("answer", text.trim()));
  });
  const forward = new PortForward(config);
  const socket = await forward.portForward(namespace, name, [port], fromPod, complaints, toPod);
  if (typeof socket === "function") throw new Error("a connection that isn't to be restarted is a web socket");
  socket.onclose = () => fromPod.end();
  stream.on("close", () => socket.close());
  return stream;
}
