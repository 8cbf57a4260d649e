/** Stands for the AWS CLI, as far as the program and the commands on the pages in docs/ need it; aws.sh answers `aws eks get-token`. */
function main(args: string[]): void {
  if (args.includes("--version")) {
    console.log("aws-cli/2.31.0 Python/3.13.7 Linux/6.1 exe/x86_64 (stand-in of eks-storage)");
  } else {
    const { runNamed } = require("./commands") as typeof import("./commands");
    process.exitCode = runNamed(args);
  }
}

main(process.argv.slice(2));
