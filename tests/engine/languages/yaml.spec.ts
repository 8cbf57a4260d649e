import * as path from "node:path";
import { ensure } from "../../../local/tools/ensure";
import { yamlHostTools } from "../../../local/tools/languageTools";
import { inOrder } from "../../support/inOrder";
import { installExample } from "../../support/installedExamples";
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
    await stack.prepare((directory, example) => installExample(path.join(directory, example), example));
  });
  after(() => stack.stop());

  livesAsAStack(() => stack);

  it("has left all to its owner, who leaves nothing", () => stack.ownerLeaves());
});
