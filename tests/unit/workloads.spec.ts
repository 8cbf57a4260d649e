import assert from "node:assert/strict";
import { assertRestricted, type PodSpec, podOf } from "../support/pods";
import { environments, program } from "../support/program";
import { all, one } from "../support/queries";
import type { Registration } from "../support/registrations";

/** What every pod that the program runs must have, whatever it runs. */
const RULES: [says: string, holds: (workload: Registration, pod: PodSpec, resources: Registration[]) => void][] = [
  ["the restricted Pod Security Standard, by a user with a number", (_, pod) => assertRestricted(pod)],
  [
    "a namespace that refuses others",
    (workload, _, resources) => {
      const { labels } = named(resources, "Namespace", workload.inputs.metadata.namespace).inputs.metadata;
      assert.equal(labels["pod-security.kubernetes.io/enforce"], "restricted");
    },
  ],
  [
    "a service account of its own, without a token",
    (workload, pod, resources) => {
      const account = named(resources, "ServiceAccount", pod.serviceAccountName).inputs;
      assert.equal(account.metadata.namespace, workload.inputs.metadata.namespace);
      assert.equal(account.automountServiceAccountToken, false);
      const users = workloadsOf(resources).filter((it) => podOf(it).serviceAccountName === pod.serviceAccountName);
      assert.equal(users.length, 1);
    },
  ],
  [
    "probes of readiness and life in each container",
    (_, pod) => {
      for (const { name, readinessProbe, livenessProbe } of pod.containers) {
        assert.ok(readinessProbe.timeoutSeconds > 1 && livenessProbe.timeoutSeconds > 1, name);
      }
    },
  ],
  [
    "replicas in different zones and on different nodes, or just one",
    ({ inputs }, pod) => {
      if (inputs.spec.replicas === 1) return;
      const keys = pod.topologySpreadConstraints.map(({ topologyKey, labelSelector }) => {
        assert.deepEqual(labelSelector.matchLabels, inputs.spec.template.metadata.labels);
        return topologyKey;
      });
      assert.deepEqual(keys, ["topology.kubernetes.io/zone", "kubernetes.io/hostname"]);
    },
  ],
  [
    "a disruption budget that lets a drain pass, with one replica too",
    ({ inputs }, _, resources) => {
      const { maxUnavailable, minAvailable } = selecting(resources, "PodDisruptionBudget", inputs, "selector");
      assert.deepEqual([maxUnavailable, minAvailable], [1, undefined]);
    },
  ],
  [
    "a network policy for both directions, which the VPC CNI enforces",
    ({ inputs }, _, resources) => {
      const { policyTypes } = selecting(resources, "NetworkPolicy", inputs, "podSelector");
      assert.deepEqual(policyTypes, ["Ingress", "Egress"]);
      const cni = all(resources, "Addon").find((addon) => addon.inputs.addonName === "vpc-cni")!;
      assert.equal(JSON.parse(cni.inputs.configurationValues as string).enableNetworkPolicy, "true");
    },
  ],
  [
    "images that can't change by themselves",
    (_, pod) => {
      for (const { image } of [...(pod.initContainers ?? []), ...pod.containers]) {
        assert.match(image, /:(?!latest)[\w.-]+$|@sha256:[0-9a-f]{64}$/);
      }
    },
  ],
  [
    "nothing of the node's",
    (_, pod) => {
      const { hostNetwork, hostPID, hostIPC } = pod;
      assert.deepEqual([hostNetwork, hostPID, hostIPC], [undefined, undefined, undefined]);
      pod.volumes.forEach((volume) => assert.ok(!("hostPath" in volume), volume.name));
    },
  ],
];

const workloadsOf = (resources: Registration[]) => resources.filter(({ type }) => type.startsWith("kubernetes:apps/"));

function named(resources: Registration[], kind: string, name: string): Registration {
  const found = all(resources, kind).filter(({ inputs }) => inputs.metadata.name === name);
  assert.equal(found.length, 1, `${kind} ${name}`);
  return found[0]!;
}

/** The spec of the one object of a kind that selects a workload's pods. */
function selecting(resources: Registration[], kind: string, { metadata, spec }: any, selector: string): any {
  const labels = JSON.stringify(spec.template.metadata.labels);
  const found = all(resources, kind).filter(({ inputs }) => {
    const selects = JSON.stringify(inputs.spec[selector].matchLabels) === labels;
    return selects && inputs.metadata.namespace === metadata.namespace;
  });
  assert.equal(found.length, 1, `${kind} for ${metadata.name}`);
  return found[0]!.inputs.spec;
}

for (const environment of environments) {
  describe(`every pod of ${environment}`, () => {
    let resources: Registration[];

    before(async () => {
      resources = await program(environment);
      assert.deepEqual(
        workloadsOf(resources)
          .map(({ inputs }) => inputs.metadata.name as string)
          .sort(),
        ["assets", "catalog", "catalog-mysql"],
      );
    });

    for (const [says, holds] of RULES) {
      it(`has ${says}`, () => {
        workloadsOf(resources).forEach((workload) => holds(workload, podOf(workload), resources));
      });
    }

    it("is, for the database, MySQL 8.4 with passwords from files and two minutes to end", () => {
      const { containers, terminationGracePeriodSeconds } = podOf(one(resources, "StatefulSet"));
      assert.match(containers[0]!.image, /\/mysql:8\.4\.\d+$/);
      assert.equal(terminationGracePeriodSeconds, 120);
      const passwords = containers[0]!.env.filter(({ name }) => name.includes("PASSWORD"));
      assert.equal(passwords.length, 2);
      passwords.forEach(({ name }) => assert.match(name, /_FILE$/));
    });
  });
}
