import { all } from "./queries";
import { type Registration, Secret } from "./registrations";

/** The CSI driver that a class, volume, claim or workload can't work without; undefined for everything else. */
export function driverOf(registrations: Registration[], { type, inputs }: Registration): string | undefined {
  const spec = inputs.spec as Record<string, unknown> | undefined;
  const named = (kind: string, name: unknown) =>
    all(registrations, kind).find(({ inputs: other }) => other.metadata.name === name);
  const follow = (next: Registration | undefined) => next && driverOf(registrations, next);
  switch (type.split(":").pop()) {
    case "StorageClass":
      return inputs.provisioner as string;
    case "PersistentVolume":
      return inputs.spec.csi.driver as string;
    case "PersistentVolumeClaim":
      return follow(
        spec?.["volumeName"]
          ? named("PersistentVolume", spec["volumeName"])
          : named("StorageClass", spec?.["storageClassName"]),
      );
    case "Deployment":
      return inputs.spec.template.spec.volumes
        .filter((volume: object) => "persistentVolumeClaim" in volume)
        .map((volume: { persistentVolumeClaim: { claimName: string } }) =>
          follow(named("PersistentVolumeClaim", volume.persistentVolumeClaim.claimName)),
        )[0];
    case "StatefulSet":
      return follow(named("StorageClass", inputs.spec.volumeClaimTemplates[0].spec.storageClassName));
    default:
      return undefined;
  }
}

/** What is protected, what outlives the stack, and what becomes of dynamic volumes. */
export function durabilityOf(registrations: Registration[]) {
  const labels = (chosen: Registration[]) => chosen.map(({ type, name }) => `${type.split(":").pop()!} ${name}`);
  const deletionProtected = all(registrations, "eks:index:Cluster").filter(({ inputs }) => inputs.deletionProtection);
  return {
    protected: [
      ...labels(registrations.filter(({ protect }) => protect)),
      ...labels(deletionProtected).map((label) => `${label}, by EKS`),
    ].sort(),
    retained: labels(registrations.filter(({ retainOnDelete }) => retainOnDelete)).sort(),
    classes: all(registrations, "StorageClass").map(({ inputs }) => inputs.reclaimPolicy as string),
  };
}

export interface Statement {
  Effect: string;
  Principal?: string | Record<string, string | string[]>;
  Action?: string | string[];
  NotAction?: string | string[];
  Resource?: string | string[];
  NotResource?: string | string[];
  Condition?: Record<string, object>;
}

export interface PolicyDocument {
  Statement: Statement | Statement[];
}

/** What the policies written into a resource, as text or as an object, allow: to whom, what, on what. */
export function policyGrants({ urn, inputs }: Registration) {
  return documentsIn(inputs)
    .flatMap(({ Statement }) => Statement)
    .filter(({ Effect }) => Effect === "Allow")
    .map(({ Principal = [], Action = [], NotAction, Resource = [], NotResource, Condition = {} }) => ({
      urn,
      // All but something is everything.
      actions: NotAction ? ["*"] : [Action].flat(),
      principals: typeof Principal === "string" ? [Principal] : Object.values(Principal).flat(),
      resources: NotResource ? ["*"] : [Resource].flat(),
      conditional: Object.values(Condition).some((keys) => Object.keys(keys).length > 0),
    }));
}

/** Every policy document in a resource's inputs, however deep. */
export function documentsIn(value: unknown): PolicyDocument[] {
  if (value instanceof Secret) return documentsIn(value.value);
  if (typeof value === "string") {
    return value.startsWith("{") && value.includes('"Statement"') ? documentsIn(JSON.parse(value)) : [];
  }
  if (typeof value !== "object" || value === null) return [];
  return "Statement" in value ? [value as PolicyDocument] : Object.values(value).flatMap(documentsIn);
}

/** All that is readable in a value: secrets are left out. */
export function textOf(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) => (item instanceof Secret ? "a secret" : item)).replaceAll(
    '\\"',
    '"',
  );
}
