import * as path from "node:path";
import type { PulumiFn } from "@pulumi/pulumi/automation";

/** The checkout's program: `index.ts` is loaded anew for each operation, since its resources are registered as it loads. */
export function programOf(checkout: string): PulumiFn {
  const index = path.join(checkout, "index.ts");
  return async () => {
    delete require.cache[index];
    return { ...(require(index) as Record<string, unknown>) };
  };
}
