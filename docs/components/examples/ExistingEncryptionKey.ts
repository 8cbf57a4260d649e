// A bucket whose objects another team's key encrypts.
import * as pulumi from "@pulumi/pulumi";
import * as storage from "eks-storage";

const config = new pulumi.Config();
const keyArn = config.require("keyArn");

const key = new storage.ExistingEncryptionKey("key", { keyArn });
new storage.Bucket("images", {
  bucketName: "example-shop-images",
  kmsKeyArn: key.keyArn,
  retention: storage.Retention.Retain,
});
