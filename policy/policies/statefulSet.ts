import { namespaceOf, objectNamed, podOf, selects, SERVICE, STATEFUL_SET } from "../kubernetes";
import { type Policy, Severity } from "../policy";

export const statefulSet: Policy[] = [
  {
    name: "claims-kept-with-set",
    description: "A StatefulSet's claims are kept when it is deleted or scaled down.",
    severity: Severity.High,
    standards: [],
    fix: ["Set persistentVolumeClaimRetentionPolicy's whenDeleted and whenScaled to Retain."],
    url: "https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#persistentvolumeclaim-retention",
    example: { wrong: '{ whenDeleted: "Delete" }', right: '{ whenDeleted: "Retain", whenScaled: "Retain" }' },
    types: [STATEFUL_SET],
    *check({ props }) {
      const policy = props.spec.persistentVolumeClaimRetentionPolicy ?? {};
      for (const event of ["whenDeleted", "whenScaled"]) if (policy[event] === "Delete") yield `${event} is Delete`;
    },
  },
  {
    name: "stateful-set-headless-service",
    description: "A StatefulSet has a headless Service, which gives its pods DNS names.",
    severity: Severity.Medium,
    standards: [],
    fix: ["Add a Service named as the set's serviceName, with clusterIP None, that selects the set's pods."],
    url: "https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#stable-network-id",
    example: { wrong: 'clusterIP: "10.100.0.10"', right: '{ clusterIP: "None", selector: labels }' },
    types: [STATEFUL_SET],
    *checkInStack(set, stack) {
      const { serviceName } = set.props.spec;
      const service = serviceName && objectNamed(stack, SERVICE, serviceName as string, namespaceOf(set));
      if (!service)
        return yield serviceName
          ? `the stack has no Service ${serviceName} in its namespace`
          : "serviceName is left out";
      if (service.props.spec.clusterIP !== "None") yield `Service ${serviceName} has a cluster IP`;
      const { selector } = service.props.spec;
      if (!selects(selector && { matchLabels: selector }, podOf(set).metadata?.labels)) {
        yield `Service ${serviceName} doesn't select its pods`;
      }
    },
  },
];
