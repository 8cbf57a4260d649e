// A key of the account's for the objects of a bucket.
import * as pulumi from "@pulumi/pulumi";
import * as storage from "eks-storage";

const config = new pulumi.Config();
const accountId = config.require("accountId");

const key = new storage.EncryptionKey("key", { alias: "shop-prod", accountId, retention: storage.Retention.Retain });
new storage.Bucket("images", {
  bucketName: "example-shop-images",
  kmsKeyArn: key.keyArn,
  retention: storage.Retention.Retain,
});
