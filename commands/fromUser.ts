import * as path from "node:path";

/** npm runs commands in the package's folder; people name files from where they are. */
export const fromUser = (file: string): string => path.resolve(process.env.INIT_CWD ?? "", file);
