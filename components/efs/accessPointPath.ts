import type { Violation } from "../checks/violations";

/**
 * What is wrong with an access point's root directory.
 *
 * Limits from https://docs.aws.amazon.com/efs/latest/ug/API_RootDirectory.html: 100 characters, four subdirectories, none
 * of which begins with a dot.
 */
export function validateAccessPointPath(path: string, argument = "path"): Violation[] {
  const depth = path.split("/").length - 1;
  if (/^(\/(?!\.)[^/$#<>;`|&?{}^*\n]+)+$/.test(path) && path.length <= 100 && depth <= 4) return [];
  return [
    {
      argument,
      expected:
        "an absolute path of at most 100 characters and four directories, none beginning with a dot, without a trailing slash",
      actual: path,
      fix: "Give each workload a directory of its own, such as /assets; the root of the file system is shared by all.",
    },
  ];
}
