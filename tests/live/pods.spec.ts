import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { BUNDLED } from "../../verify/steps/assets";
import { bundledImage } from "./images/images";
import { live } from "./setup";
import { processesOf } from "./support/processes";

describe("the program's pods on a real node", () => {
  it("are Ready when the engine says that they are deployed", () => {
    const workloads = { assets: 2, catalog: 2, "catalog-mysql": 1 };
    for (const [app, count] of Object.entries(workloads)) {
      const pods = live().pods(app === "assets" ? "assets" : "catalog", app);
      assert.equal(pods.length, count, app);
      for (const { metadata, spec, status } of pods) {
        const name = metadata!.name;
        assert.equal(spec!.nodeName, "real-node", name);
        const ready = status!.conditions!.find(({ type }) => type === "Ready");
        assert.equal(ready?.status, "True", `${name}: ${JSON.stringify(status)}`);
        const [container, ...others] = status!.containerStatuses!;
        assert.deepEqual(others, [], name);
        // Why it was ended tells a crash from a probe that a busy machine has answered too late.
        assert.equal(container!.restartCount, 0, `${name}: ${JSON.stringify(container!.lastState)}`);
      }
    }
  });

  it("have seeded the images between them, at the same time, each of them once", () => {
    const said = live()
      .pods("assets", "assets")
      .map((pod) => live().logs(pod, "seed"));
    // Their image has them wait for each other: images/mktemp.sh.
    assert.match(said.join(""), /^met: another pod copies the first image, too$/m);
    for (const text of said) assert.equal(text.match(/^(copied|kept): /gm)?.length, BUNDLED.length, text);
    for (const name of BUNDLED) {
      assert.equal(said.filter((text) => text.includes(`copied: ${name}`)).length, 1, `${name}:\n${said.join("\n")}`);
      assert.equal(said.filter((text) => text.includes(`kept: ${name}`)).length, 1, name);
    }
    const place = live().onFileSystem("/assets");
    assert.deepEqual(fs.readdirSync(place).sort(), BUNDLED, "nothing is left of the seeding");
    for (const name of BUNDLED) assert.ok(fs.readFileSync(path.join(place, name)).equals(bundledImage(name)), name);
  });

  it("run as their users, without any privilege, on a root that they can't write to", () => {
    const users = { assets: 999, catalog: 1000, "catalog-mysql": 999 };
    for (const [app, user] of Object.entries(users)) {
      for (const pod of live().pods(app === "assets" ? "assets" : "catalog", app)) {
        const processes = processesOf(pod);
        assert.ok(processes.length > 0, `${app} runs nothing`);
        for (const { name, status, hasReadOnlyRoot } of processes) {
          const about = `${name} of ${app}`;
          const { Uid, Gid, CapEff, CapBnd, NoNewPrivs, Seccomp } = status;
          assert.deepEqual([Uid, Gid], [ids(user), ids(user)], about);
          const none = "0".repeat(16);
          // Seccomp 2: filtered. https://man7.org/linux/man-pages/man5/proc_pid_status.5.html
          assert.deepEqual([CapEff, CapBnd, NoNewPrivs, Seccomp], [none, none, "1", "2"], about);
          assert.ok(hasReadOnlyRoot, about);
        }
      }
    }
  });
});

/** Real, effective, saved and file system's. */
const ids = (id: number): string => Array.from({ length: 4 }, () => id).join("\t");
