/** The version in whatever a tool prints about itself; zeros where there is none. */
export function parseVersion(text: string): [number, number, number] {
  const match = /(\d+)\.(\d+)(?:\.(\d+))?/.exec(text);
  return match ? [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)] : [0, 0, 0];
}

/** Whether a version is at least another one. */
export function atLeast(version: string, minimum: string): boolean {
  const want = parseVersion(minimum);
  return (
    (parseVersion(version)
      .map((part, index) => part - want[index]!)
      .find((part) => part !== 0) ?? 0) >= 0
  );
}
