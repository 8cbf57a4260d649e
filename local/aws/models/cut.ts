import * as fs from "node:fs";
import * as path from "node:path";
import { services } from "../services";
import { copyInfo } from "../wheel";
import { cut, print, readBotocore, readService } from "./botocore";

// Cuts out of botocore what the AWS provider sends for the types of resources that the stand-in knows. `npm run models`.

readBotocore((directory) => {
  for (const [name, { resources = {} }] of Object.entries(services)) {
    const calls = Object.values(resources).flatMap(({ calls: { create = [], update = [] } = {} }) => [
      ...create,
      ...update,
    ]);
    if (calls.length === 0) continue;
    fs.writeFileSync(path.join(__dirname, `${name}.json`), print(cut(readService(directory, name), calls)));
  }
  copyInfo(directory, "LICENSE.txt", path.join(__dirname, "LICENSE"));
  copyInfo(directory, "NOTICE", path.join(__dirname, "NOTICE"));
});
