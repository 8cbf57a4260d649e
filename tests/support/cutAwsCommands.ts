import * as fs from "node:fs";
import * as path from "node:path";
import { commandName } from "../../local/aws/cli/run";
import { cut, print, readBotocore, readService } from "../../local/aws/models/botocore";
import { isOfCliOnly, MODELS } from "./awsCommands";
import { commandsOnPages } from "./pages";

// Cuts out of botocore the requests of the AWS CLI's commands that the pages have. `npm run models`.

const named = commandsOnPages("aws").filter(({ words }) => words.length > 2 && !isOfCliOnly(words));

readBotocore((directory) => {
  fs.rmSync(MODELS, { recursive: true, force: true });
  fs.mkdirSync(MODELS);
  for (const name of new Set(named.map(({ words }) => words[1]!))) {
    const service = readService(directory, name);
    const asked = named.filter(({ words }) => words[1] === name).map(({ words }) => words[2]);
    const operations = Object.keys(service.operations).filter((operation) => asked.includes(commandName(operation)));
    fs.writeFileSync(path.join(MODELS, `${name}.json`), print(cut(service, operations)));
  }
});
