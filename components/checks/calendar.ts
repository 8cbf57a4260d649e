/** The day by which dates are judged, in UTC, such as `2026-11-29`. Specs set a fixed one. */
export const calendar = { today: (): string => new Date().toISOString().slice(0, 10) };
