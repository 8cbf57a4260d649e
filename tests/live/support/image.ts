import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";

/** What a container image is made of, all of it from this machine. */
export interface ImageContents {
  /** As pods name it. */
  name: string;
  /** Debian's packages whose files are in it, without their dependencies. */
  packages?: string[];
  /** Programs of this machine, by their place in the image. The libraries of all programs come along. */
  programs?: Record<string, string>;
  /** Texts and bytes by their place in the image. */
  files?: Record<string, string | Buffer>;
  /** Symbolic links: target by place. */
  links?: Record<string, string>;
  /** https://github.com/opencontainers/image-spec/blob/main/config.md */
  config: { Entrypoint?: string[]; Cmd?: string[]; Env?: string[]; User?: string };
}

/** Of packages, what no program reads. */
const UNREAD =
  /^\/usr\/share\/(doc|man|info|locale|lintian|bash-completion|apport|vim)\/|^\/lib\/systemd|^\/etc\/(init|log)/;

const outputOf = (program: string, ...args: string[]) =>
  execFileSync(program, args, { encoding: "utf8", maxBuffer: 16 * 1024 * 1024, stdio: ["ignore", "pipe", "pipe"] });

/** The files of packages. Debian's directories are links of each other (/lib of /usr/lib): a place is named without them. */
function filesOf(packages: string[]): string[] {
  if (packages.length === 0) return [];
  const listed = outputOf("dpkg-query", "--listfiles", ...packages).split("\n");
  return listed.filter((file) => file !== "" && !UNREAD.test(file) && !isDirectory(file));
}

const isDirectory = (file: string): boolean => fs.statSync(file, { throwIfNoEntry: false })?.isDirectory() !== false;

const withoutLinks = (file: string): string => path.join(fs.realpathSync(path.dirname(file)), path.basename(file));

/** The shared libraries of programs, the loader among them. A program without any makes `ldd` fail, which says nothing. */
function librariesOf(programs: string[]): string[] {
  const found = programs.flatMap((program) => {
    try {
      return [...outputOf("ldd", program).matchAll(/(\/\S+) \(0x/g)].map(([, library]) => library!);
    } catch {
      return [];
    }
  });
  return [...new Set(found)];
}

const isProgram = (file: string): boolean => /\/s?bin\/|\.so(\.|$)/.test(file);

/** Lays an image's files out in a directory. */
function layOut({ packages = [], programs = {}, files = {}, links = {} }: ImageContents, root: string): void {
  const inRoot = (place: string) => {
    const file = path.join(root, place);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    return file;
  };
  for (const name of ["bin", "sbin", "lib", "lib64"]) {
    fs.mkdirSync(inRoot(`usr/${name}`), { recursive: true });
    fs.symlinkSync(`usr/${name}`, inRoot(name));
  }
  const ofPackages = filesOf(packages);
  const all = [...ofPackages.filter(isProgram), ...Object.values(programs)];
  for (const file of ofPackages) copy(file, inRoot(withoutLinks(file)));
  for (const [place, file] of Object.entries(programs)) copy(file, inRoot(place));
  for (const library of librariesOf(all)) copy(fs.realpathSync(library), inRoot(withoutLinks(library)));
  for (const [place, content] of Object.entries(files)) {
    fs.writeFileSync(inRoot(place), content, { mode: /bin\//.test(place) ? 0o755 : 0o644 });
  }
  for (const [place, target] of Object.entries(links)) {
    fs.rmSync(inRoot(place), { force: true });
    fs.symlinkSync(target, inRoot(place));
  }
}

function copy(file: string, to: string): void {
  fs.rmSync(to, { force: true });
  if (fs.lstatSync(file).isSymbolicLink()) fs.symlinkSync(fs.readlinkSync(file), to);
  else fs.copyFileSync(file, to);
}

/**
 * Writes an image as `docker save` does, which `ctr images import` reads.
 * https://github.com/moby/docker-image-spec/blob/main/spec.md
 *
 * @returns the archive.
 */
export function writeImage(image: ImageContents, workspace: string): string {
  const directory = fs.mkdtempSync(path.join(workspace, "image-"));
  const [root, layer] = [path.join(directory, "root"), path.join(directory, "layer.tar")];
  layOut(image, root);
  const tar = (archive: string, from: string, ...names: string[]) =>
    outputOf("tar", "--create", "--file", archive, "--owner=0", "--group=0", "--numeric-owner", "-C", from, ...names);
  tar(layer, root, ".");
  const [checksum] = outputOf("sha256sum", layer).split(" ");
  const config = {
    architecture: { x64: "amd64", arm64: "arm64" }[process.arch as string],
    os: "linux",
    config: { Env: ["PATH=/usr/sbin:/usr/bin"], ...image.config },
    rootfs: { type: "layers", diff_ids: [`sha256:${checksum}`] },
  };
  const manifest = [{ Config: "config.json", RepoTags: [image.name], Layers: ["layer.tar"] }];
  fs.writeFileSync(path.join(directory, "config.json"), JSON.stringify(config));
  fs.writeFileSync(path.join(directory, "manifest.json"), JSON.stringify(manifest));
  const archive = `${directory}.tar`;
  tar(archive, directory, "manifest.json", "config.json", "layer.tar");
  fs.rmSync(directory, { recursive: true });
  return archive;
}
