import assert from "node:assert/strict";
import { MYSQL_CONTAINER, MYSQL_DATA } from "../../components/workloads/locations";
import { live } from "./setup";
import { processesOf } from "./support/processes";
import { until } from "./support/until";

/** As the catalog's user, with the password where the container has it. */
const SQL =
  'MYSQL_PWD=$(cat "$MYSQL_PASSWORD_FILE") mysql --host=127.0.0.1 --user="$MYSQL_USER" --batch --skip-column-names --unbuffered "$MYSQL_DATABASE"';

const database = () => live().pods("catalog", "catalog-mysql")[0]!;
const query = (statement: string) =>
  live().exec(database(), MYSQL_CONTAINER, "sh", "-c", `${SQL} --execute="$1"`, "sh", statement);

describe("the catalog's database on a real node", () => {
  it("is MariaDB here, and says so", () => {
    const version = query("SELECT VERSION()").trim();
    console.log(`      No registry has MySQL's server here: the database is ${version}`);
    assert.match(version, /^\d+\.\d+\.\d+-MariaDB/);
  });

  it("has its files on a disk's own file system, whose lost+found is no database", () => {
    const [mount] = live()
      .exec(database(), MYSQL_CONTAINER, "cat", "/proc/self/mounts")
      .split("\n")
      .filter((line) => line.includes(` ${MYSQL_DATA} `));
    assert.match(mount!, /^\/dev\/loop\d+ \S+ ext4 rw/);
    const listed = live().exec(database(), MYSQL_CONTAINER, "ls", "-ldn", MYSQL_DATA, `${MYSQL_DATA}/lost+found`);
    const [data, lost] = listed.trim().split("\n");
    assert.match(data!, /^drwxrws\S+ +\d+ 0 999 /, "the kubelet gives the disk to the pod's fsGroup");
    assert.match(lost!, /lost\+found$/);
    assert.doesNotMatch(query("SHOW DATABASES"), /lost/);
  });

  it("answers the catalog, which finds it by its Service's name", async () => {
    const names = (await live().products()).map(({ name }) => name);
    assert.deepEqual(names, ["Chronograph", "Pocket watch", "Wood watch"]);
  });

  it("has every row that it has confirmed when it is killed while it writes", async () => {
    query("CREATE TABLE written (id INT PRIMARY KEY)");
    const rows = 'for i in $(seq 20000); do echo "INSERT INTO written VALUES ($i); SELECT $i;"; done';
    const writing = live().begin(database(), MYSQL_CONTAINER, "sh", "-c", `${rows} | ${SQL}`);
    await until(180, () => writing.output().split("\n").length > 500);
    const [server] = processesOf(database()).filter(({ name }) => name === "mariadbd");
    process.kill(server!.pid, "SIGKILL");
    await writing.ended;
    const confirmed = writing
      .output()
      .trim()
      .split("\n")
      .filter((line) => /^\d+$/.test(line))
      .map(Number);
    assert.ok(confirmed.length < 20_000, "it was to be killed while it writes");
    const again = () => database().status!.containerStatuses![0]!;
    await until(180, () => again().restartCount === 1 && again().ready);
    const found = query("SELECT id FROM written ORDER BY id").trim().split("\n").map(Number);
    assert.deepEqual(found.slice(0, confirmed.length), confirmed);
    assert.match(live().logs(database(), MYSQL_CONTAINER), /Starting crash recovery|crash recovery from checkpoint/i);
    assert.equal(again().lastState!.terminated!.exitCode, 137);
    assert.equal((await live().products()).length, 3, "the catalog connects anew");
    query("DROP TABLE written");
  });
});
