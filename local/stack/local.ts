/** One stack of one program. */
export interface Local {
  /** The directory of Pulumi.yaml: this checkout's, or another project's. */
  checkout: string;
  stack: string;
  /** Whether it is any other Pulumi program, which the host of its language runs. Default: it is this checkout's own. */
  isOther?: boolean;
  /** `<checkout>/.local/<stack>`: everything that this local stack is. A guest's is its host's. */
  cloud: string;
  /** The host in whose cloud it is a guest. Default: none, it has a cloud of its own. */
  beside?: Local;
}
