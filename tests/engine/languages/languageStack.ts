import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { statesDirectory } from "../../../local/stack/directory";
import { installExample } from "../../support/installedExamples";
import type { LocalStack } from "../localStack";
import { pairsOf, StackOnExisting } from "../existing/stackOnExisting";
import { ACCOUNT } from "../existing/owner";

/** An example's program, in any language, on a cluster of somebody else's: a project of its own with the package in it. */
export class LanguageStack extends StackOnExisting {
  private readonly directory = fs.mkdtempSync(path.join(os.tmpdir(), "eks-storage-language-"));
  readonly project: string;
  /** What the owner has, by the keys that examples are configured with. */
  private owned: Record<string, unknown> = {};

  constructor(readonly example: string) {
    super();
    this.project = path.join(this.directory, example);
  }

  /**
   * What an owner has, and the example beside it. The owner's program is examples/cluster, where that is installed too.
   *
   * @param install Puts the example, and others, each into its folder of the directory. Default: the example alone, which has no
   *   package.json.
   */
  async prepare(
    install = (directory: string, example: string) => installExample(path.join(directory, example), example),
  ) {
    install(this.directory, this.example);
    const ground = path.join(this.directory, "cluster");
    if (fs.existsSync(ground)) {
      await this.createExisting({}, ground);
      this.owned = { ...this.existingResources };
    } else {
      await this.createExisting({ cluster: true });
      this.owned = {
        accountId: ACCOUNT,
        clusterName: this.existingResources.existingClusterName,
        vpcId: this.existingResources.existingVpcId,
        zones: ["eu-west-1a", "eu-west-1b"],
        fileSystemId: this.existingResources.mountedFileSystemId,
        fileSystemSecurityGroupId: this.existingResources.mountedFileSystemSecurityGroupId,
      };
    }
    this.switchTo(this.project, true);
  }

  /** Another example of the same installation, on the same cluster: a stack by its name. */
  beside(example: string): LocalStack {
    const other = this.neighbour(example);
    other.switchTo(path.join(this.directory, example), true);
    other.environment = this.environment;
    return other;
  }

  /** The configuration of any program that uses the owner's cluster: each takes those keys that it knows. */
  get onCluster(): Record<string, unknown> {
    return { "aws:region": "eu-west-1", ...this.owned };
  }

  get config(): string[] {
    return pairsOf(this.onCluster);
  }

  override stateFile(): string {
    return fs.readFileSync(path.join(statesDirectory(this.local.cloud, "images"), `${this.local.stack}.json`), "utf8");
  }

  override async stop(): Promise<void> {
    await super.stop();
    fs.rmSync(this.directory, { recursive: true, force: true });
  }
}
