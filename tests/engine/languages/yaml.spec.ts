import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { parse, stringify } from "yaml";
import { ensure } from "../../../local/tools/ensure";
import { yamlHostTools } from "../../../local/tools/languageTools";
import { inOrder } from "../../support/inOrder";
import type { LocalStack } from "../localStack";
import { LanguageStack } from "./languageStack";
import { livesAsAStack } from "./lifecycle";

describe("a program in YAML", function () {
  this.timeout("5m");
  inOrder(this);
  const stack = new LanguageStack("yaml");
  before(async function () {
    // A first build of the host is not the tests' time.
    this.timeout("20m");
    await ensure(yamlHostTools());
    await stack.prepare();
  });
  after(() => stack.stop());

  /** The example's volume under other names, in a project beside it, changed further. */
  function beside(change: (resources: any) => void = () => {}): LocalStack {
    const other = path.join(path.dirname(stack.project), "beside");
    fs.mkdirSync(other, { recursive: true });
    const program = parse(fs.readFileSync(path.join(stack.project, "Pulumi.yaml"), "utf8"));
    program.name = "others";
    program.plugins.providers[0].path = path.join(stack.project, "node_modules", "eks-storage");
    const { cluster, kubernetes, files, images } = program.resources;
    delete cluster.properties.makes;
    files.properties.accessPoints.images.path = images.properties.efs.path = "/others";
    images.properties.claimName = "others";
    // The nodes reach the file system already: the page's third step.
    program.resources = { cluster, kubernetes, files, images };
    images.options.dependsOn = ["${files}"];
    change(program.resources);
    fs.writeFileSync(path.join(other, "Pulumi.yaml"), stringify(program));
    return stack.beside("beside");
  }

  livesAsAStack(
    () => stack,
    () => {
      it("keeps another one from making its drivers again, which is told to use them; twice, by this language's host", async () => {
        const other = beside();
        await assert.rejects(other.preview(...stack.config));
        assert.match(
          other.messages,
          /must be a cluster without the add-on aws-efs-csi-driver, aws-ebs-csi-driver; .*Use it as it is: leave out/s,
        );
        assert.equal(other.messages.match(/Use it as it is/g)?.length, 2);
      });

      it("has another one use its driver, as docs/components.md says", async () => {
        const other = beside(({ cluster }) => delete cluster.properties.addonNames);
        await other.up(...stack.config);
        const claimOf = () =>
          stack
            .kubectl("get", "pvc", "--output", "json")
            .items.map((it: any) => it.metadata.name as string)
            .find((it: string) => it.startsWith("others-"));
        stack.kubectl("wait", "pvc", claimOf(), "--for=jsonpath={.status.phase}=Bound", "--timeout=30s");
        await other.destroy(...stack.config);
        assert.equal(claimOf(), undefined);
      });
    },
  );

  it("has left all to its owner, who leaves nothing", () => stack.ownerLeaves());
});
