import { App, Stack } from "aws-cdk-lib";
import { cluster } from "./cluster";
import { kubernetes } from "./kubernetes";
import { network } from "./network";
import { storage } from "./storage";

// What prod makes in AWS, as a user of CDK writes it: constructs with defaults where CDK has them, CloudFormation's own
// resources for what has none. What it would look up is in cdk.context.json. Kubernetes' objects are plain resources: the
// functions with which CDK itself makes them would count against it.
const stack = new Stack(new App(), "eks-storage-prod", {
  env: { account: "777788889999", region: "eu-west-1" },
  tags: { project: "eks-storage", environment: "prod" },
});
const vpc = network(stack);
const { nodes, name } = cluster(stack, vpc);
const { fileSystemId } = storage(stack, vpc, nodes, name);
kubernetes(stack, name, fileSystemId);
