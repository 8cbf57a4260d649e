import type { Registration } from "../support/registrations";

/** A resource of a program other than this project's. */
export function resource(type: string, name: string, inputs: object, links: Partial<Registration> = {}): Registration {
  return {
    ...{ type, name, urn: `urn:pulumi:test::eks-storage::${type}::${name}`, custom: true, inputs, parent: "" },
    ...{ dependencies: [], propertyDependencies: {}, provider: "", providers: {}, protect: false },
    ...{ retainOnDelete: false, deleteBeforeReplace: false, replaceOnChanges: [], ignoreChanges: [] },
    ...{ additionalSecretOutputs: [], importId: "", ...links },
  };
}
