import { type ChildProcess, spawn } from "node:child_process";
import * as net from "node:net";
import * as path from "node:path";
import type { AddressInfo } from "node:net";
import { pythonPrograms } from "../../local/tools/pythonPrograms";

const PACKAGES = { name: "moto", words: "moto", requirements: path.join(__dirname, "moto.txt") };

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** moto's server: an AWS of somebody else's making, empty, of one account. https://docs.getmoto.org/en/latest/docs/server_mode.html */
export class Moto {
  private constructor(
    private readonly process: ChildProcess,
    readonly port: number,
  ) {}

  static async start(accountId: string): Promise<Moto> {
    const programs = await pythonPrograms(PACKAGES);
    const port = await freePort();
    const args = [path.join(programs, "moto_server"), "--host", "127.0.0.1", "--port", String(port)];
    const env = { ...process.env, MOTO_ACCOUNT_ID: accountId };
    const child = spawn(path.join(programs, "python"), args, { env, stdio: ["ignore", "ignore", "pipe"] });
    let said = "";
    child.stderr.on("data", (data: Buffer) => (said = (said + data.toString()).slice(-2000)));
    const moto = new Moto(child, port);
    for (let left = 600; left > 0; left--) {
      if (child.exitCode !== null) throw new Error(`moto ended:\n${said}`);
      if (await moto.reset().catch(() => false)) return moto;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    moto.stop();
    throw new Error(`moto doesn't answer:\n${said}`);
  }

  /** Forgets all that it has. */
  async reset(): Promise<boolean> {
    return (await fetch(`http://127.0.0.1:${this.port}/moto-api/reset`, { method: "POST" })).ok;
  }

  stop(): void {
    this.process.kill();
  }
}
