import { Operation } from "./changes";

/** How a person is told what happens to a resource. */
export interface OperationWords {
  /** Pulumi's own mark. */
  mark: string;
  /** After a number: `3 to create`. */
  what: string;
}

/** What is told of, gravest first. What isn't here leaves a resource as it is. */
export const told = {
  [Operation.Delete]: { mark: "-", what: "to delete" },
  [Operation.Replace]: { mark: "+-", what: "to replace" },
  [Operation.Update]: { mark: "~", what: "to update" },
  [Operation.Create]: { mark: "+", what: "to create" },
  [Operation.Import]: { mark: "=", what: "to import" },
} satisfies Partial<Record<Operation, OperationWords>>;

export type ToldOperation = keyof typeof told;

export const toldOperations = Object.keys(told) as ToldOperation[];

export const isTold = (operation: Operation): operation is ToldOperation => operation in told;

/** "3 to create" and "1 to replace", the gravest last, as Pulumi has it; empty where nothing happens. */
export const countsOf = (operations: Operation[]): string[] =>
  [...toldOperations].reverse().flatMap((operation) => {
    const count = operations.filter((it) => it === operation).length;
    return count > 0 ? [`${count} ${told[operation].what}`] : [];
  });
