import * as aws from "@pulumi/aws";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { program } from "../support/program";
import { type Registration, run } from "../support/registrations";

/** What the shipped prod has no need of, and some rules are about: a bucket, and volumes on it. */
function more(): void {
  const { bucket, arn } = new aws.s3.Bucket("more", { bucket: "more" }, { protect: true });
  new aws.s3.BucketPublicAccessBlock("more", {
    bucket,
    blockPublicAcls: true,
    blockPublicPolicy: true,
    ignorePublicAcls: true,
    restrictPublicBuckets: true,
  });
  new aws.s3.BucketVersioning("more", { bucket, versioningConfiguration: { status: "Enabled" } });
  new aws.s3.BucketServerSideEncryptionConfiguration("more", {
    bucket,
    rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }],
  });
  new aws.s3.BucketPolicy("more", {
    bucket,
    policy: pulumi.jsonStringify({
      Statement: [
        {
          Effect: "Deny",
          Principal: "*",
          Action: "s3:*",
          Resource: arn,
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
      ],
    }),
  });
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

/** What the rules are tried on: prod as it is shipped, with a key of the account, and what it has no need of. */
export async function subject(preview: boolean): Promise<Registration[]> {
  const prod = await program("prod", { preview, changes: { encryptionKey: "customer" } });
  const { registrations, error } = await run(more, { preview, stack: "prod" });
  if (error) throw error;
  return [...prod, ...registrations.filter(({ type }) => type !== "pulumi:pulumi:Stack")];
}
