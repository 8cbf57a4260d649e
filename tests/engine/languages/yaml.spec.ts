import { ensure } from "../../../local/tools/ensure";
import { yamlHostTools } from "../../../local/tools/languageTools";
import { inOrder } from "../../support/inOrder";
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

  livesAsAStack(() => stack);

  it("has left all to its owner, who leaves nothing", () => stack.ownerLeaves());
});
