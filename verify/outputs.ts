import { z } from "zod";

/** What is read of a stack's outputs (docs/outputs.md); what else there is, is passed by. */
const schema = z.object({
  accessPointIds: z.object({ assets: z.string() }),
  addonVersions: z.object({ efs: z.string(), ebs: z.string(), s3: z.string().optional() }),
  bucketName: z.string().optional(),
  clusterName: z.string(),
  fileSystemArn: z.string(),
  fileSystemId: z.string(),
  kubeconfig: z.union([z.string(), z.looseObject({ clusters: z.array(z.unknown()) })]).optional(),
  pvcNames: z.object({ assets: z.string(), catalog: z.string() }),
  storageClassNames: z.object({ efs: z.string(), ebs: z.string() }),
});

/** A stack's outputs. */
export type Outputs = Omit<z.infer<typeof schema>, "kubeconfig"> & { kubeconfig?: string };

/** Outputs that can't be used, with all that is missing in one message. */
export class OutputsError extends Error {}

/** What Pulumi prints in place of a secret. https://www.pulumi.com/docs/iac/cli/commands/pulumi_stack_output/ */
const HIDDEN = "[secret]";

/**
 * Reads what `pulumi stack output --json` prints.
 *
 * @param source where it is from, for messages.
 * @throws OutputsError
 */
export function readOutputs(text: string, source: string): Outputs {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    throw new OutputsError(
      `${source} must hold what pulumi stack output --json prints; it is ${text.trim() === "" ? "empty" : "no JSON"}.`,
    );
  }
  const { success, data, error } = schema.safeParse(content);
  if (!success) {
    const wrong = error.issues.map(({ path, message }) => `  - ${path.join(".") || "all of it"}: ${message}`);
    throw new OutputsError(
      `${source} must hold the outputs of a stack of this program that is deployed (docs/outputs.md):\n${wrong.join("\n")}\n` +
        "If the stack is there, run pulumi up: its last one didn't reach its end, or was by an older version.",
    );
  }
  const { kubeconfig, ...others } = data;
  if (kubeconfig === undefined || kubeconfig === HIDDEN) return others;
  return { ...others, kubeconfig: typeof kubeconfig === "string" ? kubeconfig : JSON.stringify(kubeconfig) };
}

// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticfilesystem.html

/** The region that the file system is in. */
export const regionOf = ({ fileSystemArn }: Outputs): string => fileSystemArn.split(":")[3] ?? "";

/** The account that the file system is in. */
export const accountOf = ({ fileSystemArn }: Outputs): string => fileSystemArn.split(":")[4] ?? "";
