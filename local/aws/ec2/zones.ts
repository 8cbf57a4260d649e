/**
 * The id of a zone, such as `euw1-az1` of `eu-west-1a`. In AWS each account has its own letters for the ids; in this one they
 * are in order. https://docs.aws.amazon.com/ram/latest/userguide/working-with-az-ids.html
 */
export function zoneId(name: string): string {
  const [, region = "", letter = "a"] = /^(.*\d)([a-z])$/.exec(name) ?? [];
  const [area, ...words] = region.split("-");
  const direction = words.slice(0, -1).flatMap((word) => word.match(/north|south|east|west|central|gov|iso/g) ?? []);
  const short = direction.map(([initial]) => initial).join("");
  return `${area}${short}${words.at(-1) ?? ""}-az${letter.charCodeAt(0) - "a".charCodeAt(0) + 1}`;
}
