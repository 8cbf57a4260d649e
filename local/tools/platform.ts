import { UserError } from "../cli/terminal";
import type { Platform } from "./releases";

/** @throws UserError where the tools' processes, links and shell scripts don't run. */
export function checkPlatform(platform: NodeJS.Platform = process.platform): void {
  if (platform !== "win32") return;
  throw new UserError(
    "The local cloud runs on Linux and macOS. On Windows use WSL 2 (https://learn.microsoft.com/windows/wsl/install):\n" +
      "install Node.js there, clone the repository there, and run npm ci and this command there.",
  );
}

/** This machine's platform, if there are releases for it. */
export function platformHere(): Platform | undefined {
  const here = `${process.platform}-${process.arch}`;
  return /^(linux|darwin)-(x64|arm64)$/.test(here) ? (here as Platform) : undefined;
}
