import assert from "node:assert/strict";
import type { CoreV1Event, V1EndpointSlice } from "@kubernetes/client-node";
import { live } from "./setup";
import { processesOf, signal } from "./support/processes";
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
    const processes = processesOf(halted!);
    assert.ok(processes.length > 0, "it runs nothing");
    try {
      for (const it of processes) signal(it, "SIGSTOP");
      await until(120, "the Service leads to the other pod alone", ledTo, (seen) => seen.join() === addresses[1]);
      const response = await fetch(`http://${addresses[1]}:8080/assets/smart_1.jpg`);
      assert.equal(response.status, 200, "the other one goes on serving");
      const { name } = halted!.metadata!;
      const restarts = (seen: string[]) => seen.some((text) => /failed liveness probe, will be restarted/.test(text));
      await until(120, `events say that ${name} is restarted`, () => said(name!), restarts);
    } finally {
      // Without this they would be killed after their grace period of 30 s.
      for (const it of processes) signal(it, "SIGCONT");
    }
    const restartsOf = () => {
      const pod = live()
        .pods("assets", "assets")
        .find(({ metadata }) => metadata!.uid === halted!.metadata!.uid);
      return pod?.status?.containerStatuses?.[0]?.restartCount ?? 0;
    };
    await until(120, "it is started anew", restartsOf, (seen) => seen >= 1);
    const isBoth = (seen: string[]) => seen.join() === [...addresses].sort().join();
    await until(120, "the Service leads to both pods again", ledTo, isBoth);
  });
});
