import assert from "node:assert/strict";
import { checkConfiguration } from "../../../config/check";
import { type Key, keys } from "../../../config/keys";
import { validateExamples } from "../../../components/checks/examples";
import { configurationOf, defaults } from "../../support/program";

const project = "eks-storage";

/** What is wrong with dev where some keys are set otherwise. */
function mistakes(changes: Partial<Record<Key, unknown>>): string[] {
  const { violations } = checkConfiguration({
    project,
    stack: "dev",
    values: configurationOf("dev", changes),
    defaults,
  });
  return violations.map(({ argument, expected }) => `${argument} ${expected}`);
}

describe("an example that is left in a stack's file", () => {
  // What a message shows as an example of a key, whoever copies it: every key that takes an account or a network is here.
  const withExample = (Object.keys(keys) as Key[]).filter((key) => {
    const texts = keys[key].example.replace(/^\[|\]$|"/g, "");
    return validateExamples({ [key]: texts }).length > 0;
  });

  it("is looked for in every key that takes an account, an ARN or a network", () => {
    assert.deepEqual(withExample, [
      ...["accountId", "apiAccessCidrs", "defaultEbsKeyConfirmation", "deployerRoleArn", "assumeRoleArn"],
      ...[
        "rolePermissionsBoundaryArn",
        "administrators",
        "viewers",
        "alarmTopicArn",
        "existingKeyArn",
        "adoptBucketName",
      ],
    ]);
  });

  for (const key of withExample) {
    it(`is refused as ${key}`, () => {
      const example = keys[key].example.replace(/"/g, "");
      const value = example.startsWith("[") ? [example.slice(1, -1)] : example;
      assert.ok(mistakes({ [key]: value }).includes(`${project}:${key} your own, not an example's`));
    });
  }

  it("is refused wherever it is: an image in a registry of that account", () => {
    const catalogImage = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/catalog:1.2.1";
    assert.deepEqual(mistakes({ catalogImage }), ["eks-storage:catalogImage your own, not an example's"]);
  });

  it("isn't looked for in tags, which are anybody's own words", () => {
    assert.deepEqual(mistakes({ tags: { costs: "111122223333" } }), []);
  });
});
