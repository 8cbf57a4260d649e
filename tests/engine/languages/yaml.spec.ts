import { inOrder } from "../../support/inOrder";
import { LanguageStack } from "./languageStack";
import { livesAsAStack } from "./lifecycle";

describe("a program in YAML", function () {
  this.timeout("5m");
  inOrder(this);
  const stack = new LanguageStack("yaml");
  before(() => stack.prepare());
  after(() => stack.stop());

  livesAsAStack(() => stack);
});
