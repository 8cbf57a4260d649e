import assert from "node:assert/strict";
import * as fs from "node:fs";
import { IMAGES } from "../../components/workloads/locations";
import { BUNDLED } from "../../verify/steps/assets";
import { live } from "./setup";
import { processesOf } from "./support/processes";
import { until } from "./support/until";

/** Who owns the files of a directory. */
const ownersIn = (directory: string): string[] => {
  const stats = fs.readdirSync(directory).map((name) => fs.statSync(`${directory}/${name}`));
  return [...new Set(stats.map(({ uid, gid }) => `${uid}:${gid}`))];
};

/** The users that the pods of assets run as. */
const users = (): string[] => {
  const all = live()
    .pods("assets", "assets")
    .flatMap((pod) => processesOf(pod));
  return [
    ...new Set(all.map(({ status }) => [status["Uid"], status["Gid"]].map((ids) => ids!.split("\t")[0]).join(":"))),
  ];
};

/** Waits for the last pod of before to end, which may be later than the engine says that the new ones are Ready. */
const areRunBy = (user: string) =>
  until(120, `every pod of assets is run by ${user} alone`, users, (seen) => seen.join() === user);

const served = async () => {
  for (const pod of live().pods("assets", "assets")) {
    for (const name of BUNDLED) {
      const { status } = await fetch(`http://${pod.status!.podIP}:8080/assets/${name}`);
      assert.equal(status, 200, `${name} of ${pod.metadata!.name}`);
    }
  }
};

describe("the program, changed and deployed again", () => {
  it("moves the images' pods to another user on another directory", async () => {
    await live().deploy("assetsUid=5000", "assetsGid=6000", "assetsPath=/others");
    await areRunBy("5000:6000");
    assert.deepEqual(fs.readdirSync(live().onFileSystem("/others")).sort(), BUNDLED);
    assert.deepEqual(ownersIn(live().onFileSystem("/others")), ["5000:6000"]);
    await served();
  });

  it("moves them to a bucket, where a directory stands for it", async () => {
    await live().deploy("assetsStorage=s3");
    await areRunBy("999:999");
    const [pod] = live().pods("assets", "assets");
    const listed = live().exec(pod!, "assets", "ls", IMAGES).trim().split("\n");
    assert.deepEqual(listed.sort(), BUNDLED);
    for (const it of live().pods("assets", "assets")) assert.match(live().logs(it, "seed"), /^(copied|kept): /m);
    await served();
  });
});
