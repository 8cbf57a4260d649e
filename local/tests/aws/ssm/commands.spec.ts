import assert from "node:assert/strict";
import { printed, type } from "../../support/awsCli";
import { localCloud } from "../../support/localCloud";

describe("aws ssm", () => {
  localCloud();

  it("keeps a parameter, shows its value to whoever asks for it decrypted, and one value of an answer as text", () => {
    const put = 'ssm put-parameter --name /a/b --type SecureString --value {"password":"p"}';
    type(put);
    const get = "ssm get-parameter --name /a/b --with-decryption";
    assert.equal(type(get).Parameter.Value, '{"password":"p"}');
    assert.notEqual(type("ssm get-parameter --name /a/b").Parameter.Value, '{"password":"p"}');
    assert.equal(printed(`${get} --query Parameter.Value --output text`), '{"password":"p"}');
    assert.equal(type(`${get} --query Parameter.Type`), "SecureString");
    assert.throws(() => type(put), /\(ParameterAlreadyExists\)/);
    assert.throws(() => type("ssm get-parameter --name /a"), /\(ParameterNotFound\)/);
    type("ssm delete-parameter --name /a/b");
    assert.throws(() => type(get), /\(ParameterNotFound\)/);
    assert.throws(() => type("ssm delete-parameter --name /a/b"), /\(ParameterNotFound\)/);
  });
});
