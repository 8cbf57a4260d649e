import * as fs from "node:fs";
import * as path from "node:path";
import { IMAGES } from "../../../components/workloads/locations";
import { BUNDLED } from "../../../verify/steps/assets";
import type { Tools } from "../../../local/tools/toolSets";
import type { ImageContents } from "../support/image";

// The images of the workloads, which no registry gives here: made of Debian's packages and of what Go has built.

/** By the configuration's key. */
export const IMAGE_NAMES = {
  assetsImage: "eks-storage.test/assets:1",
  catalogImage: "eks-storage.test/catalog:1",
  mysqlImage: "eks-storage.test/mariadb:1",
};

export const PAUSE_IMAGE = "eks-storage.test/pause:1";

/** What Amazon Linux's images have as well: a shell, and coreutils. */
const SHELL = { packages: ["bash", "coreutils"], links: { "usr/bin/sh": "bash" } };

/** A bundled image: bytes that begin as a JPEG does, others in each. */
export const bundledImage = (name: string): Buffer =>
  Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 0x10]), Buffer.from(`JFIF ${name} `.repeat(4000))]);

/** https://github.com/aws-containers/retail-store-sample-app/blob/v0.4.0/src/assets/Dockerfile */
const assets: ImageContents = {
  name: IMAGE_NAMES.assetsImage,
  packages: [...SHELL.packages, "nginx", "nginx-common"],
  links: SHELL.links,
  programs: { "usr/bin/mktemp.coreutils": "/usr/bin/mktemp" },
  files: {
    "usr/bin/mktemp": fs.readFileSync(path.join(__dirname, "mktemp.sh")),
    "usr/share/nginx/html/health.html": "OK",
    ...Object.fromEntries(BUNDLED.map((name) => [path.join(IMAGES, name), bundledImage(name)])),
  },
  // A user by name, which the kubelet can't take for not root: the pod's own number is needed.
  config: { User: "nginx", Cmd: ["nginx", "-g", "daemon off;"] },
};

/** The places that MySQL's image has; `lost+found` is no database, which MySQL knows by itself. */
const CONFIGURATION = `[server]
datadir = /var/lib/mysql
socket = /var/run/mysqld/mysqld.sock
pid-file = /var/run/mysqld/mysqld.pid
tmpdir = /tmp
bind-address = *
skip-name-resolve
ignore-db-dirs = lost+found
[client]
socket = /var/run/mysqld/mysqld.sock
`;

const database: ImageContents = {
  name: IMAGE_NAMES.mysqlImage,
  packages: [
    ...SHELL.packages,
    ...["sed", "grep", "hostname"],
    ...["mariadb-server-core", "mariadb-client-core", "mariadb-client", "mariadb-common"],
  ],
  links: { ...SHELL.links, "usr/bin/mysql": "mariadb", "usr/bin/mysqladmin": "mariadb-admin" },
  files: {
    "etc/mysql/my.cnf": CONFIGURATION,
    "usr/bin/docker-entrypoint.sh": fs.readFileSync(path.join(__dirname, "entrypoint.sh")),
    "var/lib/mysql/.keep": "",
    "var/run/mysqld/.keep": "",
  },
  config: { Entrypoint: ["docker-entrypoint.sh"] },
};

/** Of Debian's packages, those whose files are in images. */
export const PACKAGES = [...new Set([assets, database].flatMap(({ packages = [] }) => packages))];

/** @param node what Go has built. */
export const images = ({ paths }: Tools): ImageContents[] => [
  { name: PAUSE_IMAGE, programs: { "usr/bin/pause": paths["pause"]! }, config: { Entrypoint: ["/usr/bin/pause"] } },
  assets,
  database,
  {
    name: IMAGE_NAMES.catalogImage,
    programs: { "usr/bin/catalog": paths["catalog-stand-in"]! },
    config: { Entrypoint: ["/usr/bin/catalog"], User: "1000" },
  },
];
