import { UserError } from "../cli/terminal";

/** A key's full name: one without a namespace is the project's. */
const fullName = (project: string, key: string) => (key.includes(":") ? key : `${project}:${key}`);

/**
 * A stack file's configuration by full name, as the engine reads it: what stands there without a namespace is then the same key
 * as what `--config` sets.
 * https://github.com/pulumi/pulumi/blob/v3.251.0/sdk/go/common/workspace/loaders.go (stackConfigNamespacedWithProject)
 */
export const namespaced = <Value>(project: string, config: Record<string, Value> = {}): Record<string, Value> =>
  Object.fromEntries(Object.entries(config).map(([key, value]) => [fullName(project, key), value]));

/**
 * What `--config key=value` sets: the key in the project's namespace unless it names its own; the value as text, as
 * `pulumi config set` has it, or an array or object written as JSON.
 *
 * @throws UserError for anything else.
 */
export function parseConfig(project: string, pairs: string[]): Record<string, unknown> {
  const parse = (pair: string): [string, unknown] => {
    const [, key, value] = /^([^=\s]+)=(.*)$/s.exec(pair) ?? [];
    if (!key || value === undefined) throw new UserError(`--config must be key=value, got ${pair}`);
    const name = fullName(project, key);
    try {
      return [name, /^[[{]/.test(value) ? JSON.parse(value) : value];
    } catch {
      throw new UserError(`--config ${key} must be JSON, since it begins with [ or {; got ${value}`);
    }
  };
  return Object.fromEntries(pairs.map(parse));
}
