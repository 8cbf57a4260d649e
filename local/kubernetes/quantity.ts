const SUFFIXES: Record<string, number> = { m: 1e-3, "": 1, k: 1e3, M: 1e6, G: 1e9, T: 1e12 };
for (const [power, letter] of ["Ki", "Mi", "Gi", "Ti"].entries()) SUFFIXES[letter] = 1024 ** (power + 1);

/** A Kubernetes quantity such as `20Gi` or `128m` as a number; NaN if it is none. */
export function quantity(value: unknown): number {
  const [, digits, suffix = ""] = /^([\d.]+)([a-zA-Z]*)$/.exec(String(value)) ?? [];
  return Number(digits) * (SUFFIXES[suffix] ?? NaN);
}
