/** What a stack's resources are named after, where nothing is written down: what `pulumi stack rename` changes. */
export const nameOf = (project: string, environment: string): string => `${project}-${environment}`;
