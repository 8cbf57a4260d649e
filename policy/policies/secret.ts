import { CONFIG_MAP, containersOf, WORKLOADS } from "../kubernetes";
import { type Policy, Severity } from "../policy";
import { peek } from "../stack";

// Not the path of a secret's file, or a secret's name; "credentialsKey" says under which key credentials are found.
const SECRET_NAME =
  /(passw(or)?d|secret|token|credential(?!s?_?key$)|private_?key|access_?key)(?!.*_?(file|path|name)$)/i;

/**
 * Whether a variable of this name and value is a secret. A number, a duration or a switch is one only where the name ends as
 * that of a secret does, such as DB_PASSWORD.
 */
const isSecret = (name: string, value: unknown): boolean =>
  SECRET_NAME.test(name) &&
  (/(passw(or)?d|secret|token|key)$/i.test(name) || !/^(true|false|[\d.]+(ms|s|m|h|d)?)$/i.test(String(value)));

/** Whether a text, such as JSON or a settings file, gives a value to a secret's name; the path or ARN of a secret is none. */
const assignsSecret = (text: string): boolean =>
  [...text.matchAll(/([\w-]+)["']?\s*[:=]\s*["']?([^"'\s,;}]+)/g)].some(
    ([, key, value]) => SECRET_NAME.test(key!) && !/^(\/|arn:)/.test(value!),
  );

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
          if (isSecret(key, peek(props.data, [key]))) yield `data contains ${key}`;
      } else if (type.startsWith("aws:")) {
        if (props.type !== "SecureString" && (SECRET_NAME.test(`${props.name}`) || assignsSecret(`${props.value}`))) {
          yield `its name or value is that of a secret, and its type is ${props.type}`;
        }
      } else {
        for (const container of containersOf(resource)) {
          for (const variable of [...(container.env ?? [])]) {
            if (
              SECRET_NAME.test(variable.name as string) &&
              variable.value &&
              isSecret(variable.name as string, variable.value)
            ) {
              yield `container ${container.name} has the value of ${variable.name} in plain text`;
            }
          }
        }
      }
    },
  },
];
