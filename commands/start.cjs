// node commands/start.cjs NAME ARGUMENTS runs commands/NAME.ts, as one file of JavaScript: to find, compile and load two hundred
// takes longer than most commands do. The file is made anew when any of this project's that it was made of has changed.
const { createHash } = require("node:crypto");
const fs = require("node:fs");
const Module = require("node:module");
const path = require("node:path");

// Node.js 22 and later keep what they compile, for the next start.
Module.enableCompileCache?.();

const root = path.dirname(__dirname);
const [node, , name, ...rest] = process.argv;
const source = path.join(__dirname, `${name}.ts`);
const cache = path.join(root, "node_modules", ".cache", "eks-storage");
// Checkouts may share packages: each has files of its own.
const of = createHash("sha256").update(root).digest("hex").slice(0, 8);
const made = path.join(cache, `${name}-${of}.js`);

/** What a command is made of: this project's files, how they are put together, and the lock of everybody else's. */
function hashOf(files) {
  const hash = createHash("sha256").update(process.version);
  for (const file of [...files, "commands/start.cjs", "tsconfig.json", "package-lock.json"]) {
    const full = path.join(root, file);
    hash.update(`${file}\0`).update(fs.existsSync(full) ? fs.readFileSync(full) : "");
  }
  return hash.digest("hex");
}

/** The first line says what the file was made of. */
function isCurrent() {
  if (!fs.existsSync(made)) return false;
  const text = fs.readFileSync(made, "utf8");
  const [, hash, files] = /^\/\/ (\S+) (\[.*\])\n/.exec(text) ?? [];
  return hash !== undefined && hash === hashOf(JSON.parse(files));
}

function make() {
  const { outputFiles, metafile } = require("esbuild").buildSync({
    entryPoints: [source],
    bundle: true,
    platform: "node",
    target: `node${process.versions.node}`,
    minifyWhitespace: true,
    minifySyntax: true,
    write: false,
    metafile: true,
    absWorkingDir: root,
    define: { __dirname: JSON.stringify(__dirname) },
    logLevel: "silent",
  });
  const files = Object.keys(metafile.inputs).filter((file) => !/(^|\/)node_modules\//.test(file));
  fs.mkdirSync(cache, { recursive: true });
  // Renamed: another command may be reading it.
  const partial = `${made}.${process.pid}`;
  fs.writeFileSync(partial, `// ${hashOf(files)} ${JSON.stringify(files)}\n${outputFiles[0].text}`);
  fs.renameSync(partial, made);
}

let main = made;
try {
  if (!isCurrent()) make();
} catch {
  // Where nothing may be written, or a file can't be compiled, which tsx then says.
  require("tsx/cjs");
  main = source;
}
process.argv = [node, main, ...rest];
Module.runMain();
