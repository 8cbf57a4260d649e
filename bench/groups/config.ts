import { command, type Group } from "../group";

/** Checking a stack's files, beside npm, which lists its scripts here. */
export const config: Group = {
  subjects: {
    "npm run config": command("npm run config"),
    npm: { ...command("npm run"), isShared: true },
  },
};
