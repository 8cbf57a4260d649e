import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ownState } from "../retention/ownState";
import { asGiven } from "../retention/transformed";
import { roleNamePrefix, type RoleRulesArgs } from "./roleRules";

const ROLE = "aws:iam/role:Role";

/**
 * Fixed when a role is made: AWS can't change them, and with another ARN the cluster, its nodes, the flow logs and the
 * backups would be made anew (`role_arn`, `node_role_arn`, `iam_role_arn` are ForceNew in the AWS provider:
 * https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/eks/cluster.go). So a role that is there
 * keeps them, whatever the rules say by now.
 */
const KEPT = ["path", "namePrefix"];

/** The role of a component. All of them are made here, so that none is without what the account asks for. */
export function serviceRole(
  name: string,
  args: aws.iam.RoleArgs,
  rules: RoleRulesArgs | undefined,
  opts: pulumi.CustomResourceOptions,
): aws.iam.Role {
  sayWhatStays(name, rules);
  const ruled = ruledBy(name, rules);
  // Of a name that is given nothing begins otherwise.
  const { namePrefix: _, ...withoutName } = ruled;
  const ignoreChanges = [...KEPT, ...(opts.ignoreChanges ?? [])];
  return new aws.iam.Role(
    name,
    { ...args, ...(args.name === undefined ? ruled : withoutName) },
    { ...opts, ignoreChanges },
  );
}

/**
 * The same for roles that a component of another package makes: the option `transforms` of that component.
 *
 * @param names what it calls them.
 */
export function serviceRolesOf(names: string[], rules: RoleRulesArgs | undefined): pulumi.ResourceTransform {
  names.forEach((name) => sayWhatStays(name, rules));
  return async ({ type, name, props, opts }) => {
    if (type !== ROLE) return undefined;
    return {
      props: { ...(await asGiven(props)), ...ruledBy(name, rules) },
      opts: pulumi.mergeOptions(opts, { ignoreChanges: KEPT }),
    };
  };
}

const ruledBy = (name: string, { permissionsBoundaryArn, path, namePrefix }: RoleRulesArgs = {}) => ({
  ...(permissionsBoundaryArn === undefined ? {} : { permissionsBoundary: permissionsBoundaryArn }),
  ...(path === undefined ? {} : { path }),
  ...(namePrefix === undefined ? {} : { namePrefix: roleNamePrefix(namePrefix, name) }),
});

interface Ruled {
  name: string;
  rules: RoleRulesArgs;
}

/** By deployment: the roles for which there is a rule about names. */
const asked = new WeakMap<object, Ruled[]>();

/** Says at a preview, once for all roles, which of them are there with another name or path, and keep it. */
function sayWhatStays(name: string, rules: RoleRulesArgs = {}): void {
  if (!pulumi.runtime.isDryRun() || (rules.path === undefined && rules.namePrefix === undefined)) return;
  const monitor = pulumi.runtime.getMonitor() as object;
  const open = asked.get(monitor);
  if (open) {
    open.push({ name, rules });
    return;
  }
  const roles = [{ name, rules }];
  asked.set(monitor, roles);
  void ownState().then(async (state) => {
    const found = roles.flatMap((role) => {
      const known = state.find(({ type, name: other }) => type === ROLE && other === role.name);
      return known && staysAs(role.rules, known.outputs) ? [String(known.outputs["name"])] : [];
    });
    if (found.length === 0) return;
    await pulumi.log.info(
      "AWS can change neither the name nor the path of a role. Those that the stack has keep theirs, and what is asked of " +
        `names and paths holds for roles that are made from now on: ${found.join(", ")}.`,
    );
  });
}

const staysAs = ({ path = "/", namePrefix = "" }: RoleRulesArgs, role: Record<string, unknown>) =>
  path !== (role["path"] ?? "/") || !String(role["name"]).startsWith(namePrefix);
