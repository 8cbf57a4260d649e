import { defineService } from "../service";

export const sts = defineService({
  page: (operation) => `https://docs.aws.amazon.com/STS/latest/APIReference/API_${operation}.html`,
  errors: {},
  functions: {
    "index/getPartition": () => ({
      id: "aws",
      partition: "aws",
      dnsSuffix: "amazonaws.com",
      reverseDnsPrefix: "com.amazonaws",
    }),
    "index/getCallerIdentity": (_, { accountId, assumedRole = "local-deployer" }) => ({
      accountId,
      arn: `arn:aws:sts::${accountId}:assumed-role/${assumedRole.split("/").pop()!}/local`,
      id: accountId,
      userId: "AROALOCALDEPLOYER:local",
    }),
  },
});
