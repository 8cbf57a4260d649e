import * as kubernetes from "@pulumi/kubernetes";
import { program } from "../support/program";
import { type Registration, run } from "../support/registrations";

/** Volumes that may have the same handle: prod has none. */
function extraVolumes(): void {
  for (const name of ["first", "second"]) {
    new kubernetes.core.v1.PersistentVolume(name, {
      metadata: { name },
      spec: {
        accessModes: ["ReadWriteMany"],
        capacity: { storage: "1Gi" },
        claimRef: { namespace: "elsewhere", name },
        csi: { driver: "s3.csi.aws.com", volumeHandle: name },
      },
    });
  }
}

/** The program that the tests change: prod with a customer key, and the bucket of prod on S3. */
export async function subject(preview: boolean): Promise<Registration[]> {
  const prod = await program("prod", { preview, changes: { encryptionKey: "customer" } });
  const onS3 = await program("prod", { preview, changes: { encryptionKey: "customer", assetsStorage: "s3" } });
  const { registrations, error } = await run(extraVolumes, { preview, stack: "prod" });
  if (error) throw error;
  const buckets = onS3.filter(({ type }) => type.startsWith("aws:s3/"));
  return [...prod, ...buckets, ...registrations.filter(({ type }) => type !== "pulumi:pulumi:Stack")];
}
