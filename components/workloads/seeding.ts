/**
 * Brings the images that are bundled in the `assets` image onto the volume that is mounted over them.
 *
 * Mounting a volume at `/usr/share/nginx/html/assets` hides what the image has there. An init container of the same
 * image therefore mounts the volume elsewhere and runs this script first. (`/health.html` lies one directory higher,
 * stays in the image, and needs none of this.)
 *
 * What the script promises:
 * - it never overwrites what is on the volume: a file that exists is kept, whatever it contains;
 * - any number of replicas may run it at once on one volume;
 * - nobody ever sees a half-copied image under its own name, and a run that was killed is made good by the next one;
 * - a newer image adds the files that are new in it.
 *
 * It prints `copied: PATH` or `kept: PATH` for every bundled file. Names that begin with a dot are not copied; on the
 * volume `.seeding.*` is the script's own, and nginx serves nothing that begins with a dot.
 *
 * It needs a POSIX shell and coreutils only: Amazon Linux's container images come without `find` and `cmp`.
 */

/** How a finished file gets its name on the volume; it depends on what the volume is. */
export const SeedingMode = {
  /**
   * For file systems, EFS among them: written under a temporary name, then hard-linked to its own. Of several links to
   * one name exactly one succeeds (link(2), EEXIST); `mv -n` looks first and renames later.
   */
  Link: "link",
  /**
   * For S3 through Mountpoint, which has no links and no rename, but shows a file only once it is closed. The mount
   * needs `allow-overwrite`: closing is what publishes, even when the writer was killed, so a file that holds only the
   * beginning of a bundled one is taken for a copy cut short, and written again. Two writers at once both write the
   * same content. Source: https://github.com/awslabs/mountpoint-s3/blob/main/doc/SEMANTICS.md
   */
  Copy: "copy",
} as const;
export type SeedingMode = (typeof SeedingMode)[keyof typeof SeedingMode];

/** What the script's exit code says, for a reader of `kubectl describe pod`. */
export const SeedingExitCode = {
  Done: 0,
  /** A file could not be copied; run it again. */
  CopyFailed: 1,
  /** There is nothing to copy: not the image this was written for. */
  NothingBundled: 2,
  /** The volume isn't there, or this user may not write to it. */
  NotWritable: 3,
} as const;

/**
 * The script. Arguments: the directory of bundled images, the volume's directory, a {@link SeedingMode}.
 *
 * There is no `$$` in it and no here-document: Kubernetes turns `$$` in a command into `$`, and bash keeps
 * here-documents in files, which a read-only root has no place for.
 */
const SEEDING_SCRIPT = `set -u
umask 022 # files 0644, directories 0755: nginx may run as another user
source=$1 target=$2 mode=$3
work= seen=0
trap 'rm -rf "$work"' EXIT
trap 'exit 143' TERM
trap 'exit 130' INT

fail() {
  code=$1
  shift
  echo "seeding: $*" >&2
  exit "$code"
}

# Is $2 shorter than $1, and the same as far as it goes?
cut_short() {
  size=$(wc -c <"$2") && [ "$size" -lt "$(wc -c <"$1")" ] &&
    [ "$(head -c "$size" "$1" | cksum)" = "$(cksum <"$2")" ]
}

# Is there a file $2, which we must keep?
is_there() {
  if [ -e "$2" ] || [ -L "$2" ]; then
    ! { [ "$mode" = copy ] && cut_short "$1" "$2" 2>/dev/null; }
  else
    return 1
  fi
}

put() {
  if [ "$mode" = copy ]; then
    said=$(cp "$1" "$2" 2>&1)
  else
    # A directory of its own for every file: writing to a name that is linked already would change what it is linked to.
    work=$(mktemp -d "$target/.seeding.XXXXXX") || fail ${SeedingExitCode.NotWritable} "can't create files in $target"
    said=$({ cp "$1" "$work/file" && ln "$work/file" "$2"; } 2>&1)
    set -- $?
    rm -rf "$work"
    work=
    return "$1"
  fi
}

seed_file() {
  # A failed attempt is looked at again: another replica may have been faster, or have swept our work away (below).
  for attempt in 1 2 3; do
    if is_there "$source/$1" "$target/$1"; then
      echo "kept: $1"
      return
    elif put "$source/$1" "$target/$1"; then
      echo "copied: $1"
      return
    fi
  done
  fail ${SeedingExitCode.CopyFailed} "can't copy $1 to $target: $said"
}

# $1 is the path below both directories: empty, or with a slash at its end
seed_directory() {
  for entry in "$source/$1"*; do
    name=\${entry#"$source/"}
    if [ -d "$entry" ]; then
      mkdir -p "$target/$name" || fail ${SeedingExitCode.CopyFailed} "can't make the directory $name in $target"
      seed_directory "$name/"
    elif [ -e "$entry" ]; then
      seen=$((seen + 1))
      seed_file "$name"
    fi
  done
}

[ -d "$target" ] || fail ${SeedingExitCode.NotWritable} "$target is not a directory; expected the mounted volume"
[ -w "$target" ] || fail ${SeedingExitCode.NotWritable} "user $(id -u) may not write to $target, or it is mounted read-only; \
the pod's user must be the one that the access point or the mount options give the files to"
seed_directory ""
[ "$seen" -gt 0 ] || fail ${SeedingExitCode.NothingBundled} "no images in $source; expected those that the assets image brings along: \
has its layout changed?"

# What killed runs have left behind. A replica that is still at work loses its copy by this, and tries again; what it
# writes at this very moment rm can't remove, and the replica does so itself.
[ "$mode" = copy ] || rm -rf "$target"/.seeding.* 2>/dev/null || :
`;

/**
 * The init container's `command`.
 *
 * @param source Where the image has its bundled files: `/usr/share/nginx/html/assets`.
 * @param target Where the init container mounts the volume: anywhere but `source`.
 * @param mode What the volume is capable of.
 */
export function seedingCommand(source: string, target: string, mode: SeedingMode): string[] {
  return ["sh", "-c", SEEDING_SCRIPT, "seeding", source, target, mode];
}
