import { CONFIG_MAP, containersOf, WORKLOADS } from "../kubernetes";
import { type Policy, Severity } from "../policy";

const SECRET_NAME = /(passw(or)?d|secret|token|credential|private_?key|access_?key)(?!.*_?(file|path|name)$)/i;

export const secret: Policy[] = [
  {
    name: "no-secret-in-plain-text",
    description: "No password or token is in plain text in a pod, a ConfigMap or an SSM parameter.",
    severity: Severity.Critical,
    standards: ["Checkov CKV_AWS_384", "Checkov CKV2_AWS_34"],
    fix: [
      "Put it into a Secret. Mount that as a file, or use valueFrom.secretKeyRef.",
      "In SSM, use the type SecureString.",
      "Rotate the secret: the state and the cluster already contain it in plain text.",
    ],
    url: "https://kubernetes.io/docs/concepts/security/secrets-good-practices/",
    example: {
      wrong: '{ name: "DB_PASSWORD", value: "…" }',
      right: '{ name: "DB_PASSWORD", valueFrom: { secretKeyRef } }',
    },
    types: [...WORKLOADS, CONFIG_MAP, "aws:ssm/parameter:Parameter"],
    *check(resource) {
      const { type, props } = resource;
      if (type === CONFIG_MAP) {
        for (const key of Object.keys((props.data ?? {}) as object))
          if (SECRET_NAME.test(key)) yield `data contains ${key}`;
      } else if (type.startsWith("aws:")) {
        if (props.type !== "SecureString" && /passw|secret|token|credential/i.test(`${props.name} ${props.value}`)) {
          yield `its type is ${props.type}`;
        }
      } else {
        for (const container of containersOf(resource)) {
          for (const variable of [...(container.env ?? [])]) {
            if (SECRET_NAME.test(variable.name as string) && variable.value) {
              yield `container ${container.name} has the value of ${variable.name} in plain text`;
            }
          }
        }
      }
    },
  },
];
