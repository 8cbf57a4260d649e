import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { statesDirectory } from "../../../local/stack/directory";
import { CHECKOUT } from "../localStack";
import { pairsOf, StackOnExisting } from "../existing/stackOnExisting";
import { ACCOUNT } from "../existing/owner";

/** Puts an example into a project's directory, with the package in it as npm would install it. */
export function exampleIn(project: string, example: string): void {
  fs.cpSync(path.join(CHECKOUT, "examples", example), project, { recursive: true });
  fs.mkdirSync(path.join(project, "node_modules"));
  fs.symlinkSync(path.join(CHECKOUT, "components"), path.join(project, "node_modules", "eks-storage"));
}

/** An example's program in another language, on a cluster of somebody else's: a project of its own with the package in it. */
export class LanguageStack extends StackOnExisting {
  readonly project = fs.mkdtempSync(path.join(os.tmpdir(), "eks-storage-language-"));

  constructor(private readonly example: string) {
    super();
  }

  /** What an owner has, and the example beside it. */
  async prepare(): Promise<void> {
    exampleIn(this.project, this.example);
    await this.createExisting({ cluster: true });
    this.local.checkout = this.project;
    this.local.isOther = true;
  }

  get config(): string[] {
    const { existingVpcId, existingClusterName, mountedFileSystemId, mountedFileSystemSecurityGroupId } =
      this.existingResources;
    return pairsOf({
      "aws:region": "eu-west-1",
      region: "eu-west-1",
      accountId: ACCOUNT,
      clusterName: existingClusterName,
      vpcId: existingVpcId,
      zones: ["eu-west-1a", "eu-west-1b"],
      fileSystemId: mountedFileSystemId,
      fileSystemSecurityGroupId: mountedFileSystemSecurityGroupId,
    });
  }

  override stateFile(): string {
    return fs.readFileSync(path.join(statesDirectory(this.local.cloud, "images"), `${this.local.stack}.json`), "utf8");
  }

  override async stop(): Promise<void> {
    await super.stop();
    fs.rmSync(this.project, { recursive: true, force: true });
  }
}
