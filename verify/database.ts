import { randomBytes } from "node:crypto";
import type { V1Pod } from "@kubernetes/client-node";
import { CATALOG, MYSQL_CONTAINER } from "../components/workloads/locations";
import type { Cluster } from "./cluster";
import { nameIn, nameOf, placeOf } from "./pods";
import { Refuted } from "./result";

/** The statements of one run: about a table of its own, in the catalog's database. */
export class Sql {
  readonly value = randomBytes(16).toString("hex");
  readonly table: string;

  /** What a server says of the host that it runs on: in a StatefulSet its pod's name. */
  static readonly hostName = "SELECT @@hostname";

  constructor(runId: string) {
    this.table = `verify_${runId}`;
  }

  get create(): string {
    return `CREATE TABLE ${this.table} (value VARCHAR(64) PRIMARY KEY); INSERT INTO ${this.table} VALUES ('${this.value}')`;
  }

  get select(): string {
    return `SELECT value FROM ${this.table}`;
  }

  get drop(): string {
    return `DROP TABLE IF EXISTS ${this.table}`;
  }
}

/**
 * The image's client, as the catalog's user. The password goes from the container's own file or environment into that of the
 * client, which reads it there: it is in no argument, and in no output.
 * https://dev.mysql.com/doc/refman/8.4/en/environment-variables.html
 */
const SCRIPT = `set -eu
if [ -n "\${MYSQL_PASSWORD_FILE:-}" ]; then MYSQL_PWD=$(cat "$MYSQL_PASSWORD_FILE"); else MYSQL_PWD=$MYSQL_PASSWORD; fi
export MYSQL_PWD
exec mysql --host="$1" --user="$MYSQL_USER" --connect-timeout=5 --batch --skip-column-names --execute="$2" "$MYSQL_DATABASE"`;

/**
 * Runs statements in the database's container.
 *
 * @param host where the database is, as the container names it.
 * @throws Refuted with the client's words.
 */
export async function query(cluster: Cluster, pod: V1Pod, host: string, statements: string): Promise<string> {
  const command = ["sh", "-c", SCRIPT, "verify", host, statements];
  const { exitCode, stdout, stderr } = await cluster.exec(nameIn(pod), MYSQL_CONTAINER, command);
  if (exitCode === 0) return stdout.trim();
  throw new Refuted(
    `the database in ${placeOf(pod)}, asked at ${host}, says: ${stderr.trim().replace(/\s+/g, " ")}`,
    `kubectl logs ${nameOf(pod)} --namespace ${CATALOG} --container ${MYSQL_CONTAINER}`,
  );
}
