import { logs } from "../../../aws/logs";
import { record, testApiErrors } from "../../support/apiErrorCases";

const group = record("cloudwatch/logGroup", "/aws/x", { name: "/aws/x" });

testApiErrors("CloudWatch Logs", logs, [
  {
    operation: "CreateLogGroup",
    request: group,
    existing: [{ ...group, id: "other" }],
    refused: /^ResourceAlreadyExistsException/,
  },
  {
    operation: "DeleteLogGroup",
    request: { ...group, properties: { logGroupName: group.id } },
    refused: /^ResourceNotFoundException/,
    accepted: { existing: [group] },
  },
]);
