import assert from "node:assert/strict";
import type { CoreV1Event, V1EndpointSlice } from "@kubernetes/client-node";
import { live } from "./setup";
import { processesOf } from "./support/processes";
import { until } from "./support/until";

describe("a pod of assets that doesn't answer any more", () => {
  /** The addresses to which the Service leads now. */
  const ledTo = () => {
    const where = ["--namespace", "assets", "--selector", "kubernetes.io/service-name=assets", "--output", "json"];
    const { items } = live().kubectl("get", "endpointslices", ...where) as { items: V1EndpointSlice[] };
    const ready = items.flatMap(({ endpoints = [] }) => endpoints.filter(({ conditions }) => conditions?.ready));
    return ready.flatMap(({ addresses }) => addresses).sort();
  };
  const said = (name: string): string[] => {
    const where = ["--namespace", "assets", "--field-selector", `involvedObject.name=${name}`, "--output", "json"];
    const { items } = live().kubectl("get", "events", ...where) as { items: CoreV1Event[] };
    return items.map(({ message = "" }) => message);
  };

  it("is taken out of its Service, and started anew", async () => {
    const [halted, other] = live().pods("assets", "assets");
    const addresses = [halted, other].map((pod) => pod!.status!.podIP!);
    assert.deepEqual(ledTo(), [...addresses].sort());
    const processes = processesOf(halted!).map(({ pid }) => pid);
    for (const pid of processes) process.kill(pid, "SIGSTOP");
    await until(180, () => ledTo().join() === addresses[1]);
    const response = await fetch(`http://${addresses[1]}:8080/assets/smart_1.jpg`);
    assert.equal(response.status, 200, "the other one goes on serving");
    await until(180, () =>
      said(halted!.metadata!.name!).some((text) => /failed liveness probe, will be restarted/.test(text)),
    );
    // Without this it would be killed after its grace period of 30 s.
    for (const pid of processes) process.kill(pid, "SIGCONT");
    await until(180, () => ledTo().join() === [...addresses].sort().join());
    const [again] = live()
      .pods("assets", "assets")
      .filter(({ metadata }) => metadata!.uid === halted!.metadata!.uid);
    assert.equal(again!.status!.containerStatuses![0]!.restartCount, 1);
  });
});
