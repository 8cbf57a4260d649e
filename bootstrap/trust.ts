import type { Settings } from "./settings";

/** https://docs.github.com/actions/reference/security/oidc */
export const ISSUER = "token.actions.githubusercontent.com";
export const AUDIENCE = "sts.amazonaws.com";

/** The environment of a stack's deployments, and that of its previews, as the workflows name them. */
export const environmentsOf = (stack: string) => ({ deploy: stack, preview: `${stack}-preview` });

/**
 * How GitHub names a job that runs in an environment. A repository that was made, renamed or transferred after 2026-07-15
 * has ids in its subjects; an older one has none, unless somebody asks for them. By default both are trusted, since the form
 * changes with a renaming. The one without ids is trusted for whoever has the name: `subjects: ids` ends that.
 * https://github.blog/changelog/2026-04-23-immutable-subject-claims-for-github-actions-oidc-tokens
 */
export function subjectsOf(settings: Settings, environment: string): string[] {
  const { repository, ownerId, repositoryId, subjects } = settings;
  const [owner, name] = repository.split("/");
  const byIds = `repo:${owner}@${ownerId}/${name}@${repositoryId}:environment:${environment}`;
  return subjects === "ids" ? [byIds] : [`repo:${owner}/${name}:environment:${environment}`, byIds];
}
