import type * as pulumi from "@pulumi/pulumi";

/** The component that adopts something. */
export interface Adopter {
  /** Its type token. */
  type: string;
  name: string;
  component: pulumi.ComponentResource;
  /** What its arguments are called where they are configured. */
  argumentNames?: Record<string, string>;
}
