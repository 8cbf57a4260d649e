import type { Settings } from "./settings";

/** https://docs.github.com/actions/reference/security/oidc */
export const ISSUER = "token.actions.githubusercontent.com";
export const AUDIENCE = "sts.amazonaws.com";

/** The environment of a stack's deployments, and that of its previews, as the workflows name them. */
export const environmentsOf = (stack: string) => ({ deploy: stack, preview: `${stack}-preview` });

/**
 * How GitHub names a job that runs in an environment. A repository that was made, renamed or transferred after 2026-07-15
 * has ids in its subjects; an older one has none, unless somebody asks for them. Both are trusted: which of them it is changes
 * with a renaming, and the form without ids is never given to a later repository of the same name.
 * https://github.blog/changelog/2026-04-23-immutable-subject-claims-for-github-actions-oidc-tokens
 */
export function subjectsOf({ repository, ownerId, repositoryId }: Settings, environment: string): string[] {
  const [owner, name] = repository.split("/");
  return [
    `repo:${owner}/${name}:environment:${environment}`,
    `repo:${owner}@${ownerId}/${name}@${repositoryId}:environment:${environment}`,
  ];
}
