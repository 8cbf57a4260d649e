import assert from "node:assert/strict";
import { ApiException } from "@kubernetes/client-node";
import { clusterError } from "../../../verify/clusterErrors";

const SERVER = "https://127.0.0.1:6443";
const said = (code: number, body: unknown) => clusterError(new ApiException(code, "", body, {}), SERVER).message;

describe("What an answer says that isn't the API server's own", () => {
  it("is its status, where the message is no text", () => {
    for (const message of [null, undefined, 7, { text: "no" }, ["no"]]) {
      assert.equal(said(502, { message }), "it answered 502", JSON.stringify(message));
      assert.equal(said(502, JSON.stringify({ message })), "it answered 502", JSON.stringify(message));
    }
    for (const body of [null, undefined, "", "null", "7", "<html>Bad Gateway</html>"]) {
      assert.equal(said(502, body), "it answered 502", String(body));
    }
  });

  it("is the message otherwise, of a URL no more than whose it is", () => {
    const message = 'error dialing backend: Post "https://10.0.0.1:10250/exec/a?command=secret": EOF';
    assert.equal(said(500, { message }), "error dialing backend: Post https://10.0.0.1:10250: EOF");
  });
});
