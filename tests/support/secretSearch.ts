/** Every way in which a secret may stand in a text, by its name. */
export function encodingsOf(secret: string): Record<string, string> {
  const bytes = Buffer.from(secret);
  const json = JSON.stringify(secret).slice(1, -1);
  const hex = bytes.toString("hex");
  return {
    plain: secret,
    "JSON-escaped": json,
    "JSON-escaped twice": JSON.stringify(json).slice(1, -1),
    "URL-encoded": encodeURIComponent(secret),
    "URL-encoded as a form": new URLSearchParams({ "": secret }).toString().slice(1),
    hex: hex,
    HEX: hex.toUpperCase(),
    ...base64Of(bytes, "base64"),
    ...base64Of(bytes, "base64url"),
  };
}

/**
 * In base64 three bytes are four characters: what a secret looks like depends on how many bytes stand before it, and its first
 * and last characters on which bytes. What is between looks the same at each of the three offsets.
 */
function base64Of(bytes: Buffer, alphabet: "base64" | "base64url"): Record<string, string> {
  const atOffset = (offset: number) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString(alphabet);
    const end = Math.floor(((offset + bytes.length) * 8) / 6);
    return encoded.slice(Math.ceil((offset * 8) / 6), end);
  };
  return Object.fromEntries([0, 1, 2].map((offset) => [`${alphabet} at offset ${offset}`, atOffset(offset)]));
}

/** Shorter than this a secret, or what is left of it at an offset, would be found by chance. */
const SHORTEST = 12;

/** What long secrets are found by: a private key is not only leaked as a whole. */
const piecesOf = (secret: string): string[] =>
  secret.length <= 64 ? [secret] : secret.split(/\s+/).flatMap((line) => line.match(/.{40,64}/g) ?? []);

/**
 * Where secrets stand in texts: secret, encoding and text, by their names.
 *
 * @throws Error for a secret that is too short to be told from anything else.
 */
export function leaks(secrets: Record<string, string>, texts: Record<string, string>): string[] {
  const found = new Set<string>();
  for (const [name, secret] of Object.entries(secrets)) {
    const pieces = piecesOf(secret);
    if (secret.length < SHORTEST || pieces.length === 0) throw new Error(`${name} is too short to be searched for`);
    for (const [encoding, encoded] of pieces.flatMap((piece) => Object.entries(encodingsOf(piece)))) {
      for (const [where, text] of Object.entries(texts)) {
        if (text.includes(encoded)) found.add(`${name}, ${encoding}, in ${where}`);
      }
    }
  }
  return [...found];
}
