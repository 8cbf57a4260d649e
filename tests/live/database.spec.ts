import assert from "node:assert/strict";
import { MYSQL_CONTAINER, MYSQL_DATA } from "../../components/workloads/locations";
import { live } from "./setup";
import { processesOf, signal } from "./support/processes";
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
    console.log(`      Debian 12 packages no MySQL server: the database is ${version}`);
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

  const container = () => database().status!.containerStatuses![0]!;
  const isReady = ({ ready }: { ready: boolean }) => ready;

  /** Has rows written until the database is killed. @returns those that it has confirmed. */
  async function confirmedUntil(kill: () => void): Promise<number[]> {
    query("CREATE TABLE written (id INT PRIMARY KEY)");
    const rows = 'for i in $(seq 20000); do echo "INSERT INTO written VALUES ($i); SELECT $i;"; done';
    const writing = live().begin(database(), MYSQL_CONTAINER, "sh", "-c", `${rows} | ${SQL}`);
    // What doesn't end in a newline may be the beginning of a number.
    const lines = () => writing.output().split("\n").slice(0, -1);
    const count = () => lines().length;
    await until(120, "500 rows are written", count, (it) => it > 500);
    kill();
    await writing.ended;
    const confirmed = lines().map(Number);
    assert.ok(confirmed.length < 20_000, "it was to be killed while it writes");
    assert.deepEqual(
      confirmed,
      [...confirmed.keys()].map((index) => index + 1),
    );
    return confirmed;
  }

  /** Reads what is there, and leaves the database as it was. */
  async function expectRows(confirmed: number[]): Promise<void> {
    const found = query("SELECT id FROM written ORDER BY id").trim().split("\n").map(Number);
    assert.deepEqual(found.slice(0, confirmed.length), confirmed);
    // The cluster's DNS may go on giving the address of a pod that is gone.
    const products = () => live().products().catch(String);
    await until(120, "the catalog connects anew, and has 3 products", products, ({ length }) => length === 3);
    query("DROP TABLE written");
  }

  it("has every row that it has confirmed when its process is killed while it writes", async () => {
    const confirmed = await confirmedUntil(() => {
      const [server] = processesOf(database()).filter(({ name }) => name === "mariadbd");
      signal(server!, "SIGKILL");
    });
    const { lastState } = await until(120, "it is restarted", container, ({ restartCount }) => restartCount >= 1);
    assert.equal(lastState!.terminated!.exitCode, 137, JSON.stringify(lastState));
    await until(240, "the database is Ready again", container, isReady);
    assert.match(live().logs(database(), MYSQL_CONTAINER), /Starting crash recovery|crash recovery from checkpoint/i);
    await expectRows(confirmed);
  });

  it("has every row that it has confirmed when its pod is deleted by force while it writes", async () => {
    const { name, namespace, uid } = database().metadata!;
    const confirmed = await confirmedUntil(() => {
      live().kubectl("delete", "pod", name!, "--namespace", namespace!, "--force", "--grace-period=0");
    });
    const look = () => {
      const [pod] = live().pods("catalog", "catalog-mysql");
      const status = pod?.status?.containerStatuses?.[0];
      return { uid: pod?.metadata?.uid, ready: status?.ready === true, lastState: status?.lastState };
    };
    // The next pod comes at once, and its database waits until the first one has let go of the files.
    await until(240, "another pod is Ready", look, (it) => it.uid !== uid && it.ready);
    await expectRows(confirmed);
  });
});
