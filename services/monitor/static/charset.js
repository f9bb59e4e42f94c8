// Bytes as text, by what says how they are to be read: their first bytes, the header, the page itself; else by trying.

const HEAD = 4096;
const SAID = [/<meta[^<>]{0,512}?charset\s{0,8}=\s{0,8}["']?\s{0,8}([\w:-]{2,40})/i, /^\s{0,64}<\?xml[^<>]{0,128}?encoding\s{0,8}=\s{0,8}["']([\w:-]{2,40})/i];

export function decoded(body, contentType) {
  for (const label of [marked(body), /charset\s*=\s*"?([^\s;"]+)/i.exec(contentType)?.[1], ...said(body)]) {
    const decoder = label && known(label);
    if (decoder) return { text: decoder.decode(body), charset: decoder.encoding };
  }
  try {
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(body, { stream: true }), charset: "utf-8" };
  } catch {
    return { text: new TextDecoder("windows-1252").decode(body), charset: "windows-1252" };
  }
}

function marked([first, second, third]) {
  if (first === 0xef && second === 0xbb && third === 0xbf) return "utf-8";
  if (first === 0xff && second === 0xfe) return "utf-16le";
  return first === 0xfe && second === 0xff ? "utf-16be" : null;
}

// A page that says UTF-16 in bytes that can be read so is not: it is UTF-8 then, as browsers have it.
function said(body) {
  const head = new TextDecoder("windows-1252").decode(body.subarray(0, HEAD));
  return SAID.map((each) => each.exec(head)?.[1]).map((label) => label && /^utf-?16/i.test(label) ? "utf-8" : label);
}

function known(label) {
  try {
    return new TextDecoder(label);
  } catch {
    return null;  // no browser knows it either
  }
}
