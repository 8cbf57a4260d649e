// A bucket that is deleted with its stack, and forgets old versions after a week.
import * as storage from "eks-storage";

new storage.Bucket("images", {
  bucketName: "example-shop-images",
  noncurrentVersionsInDays: 7,
  retention: storage.Retention.Delete,
});
