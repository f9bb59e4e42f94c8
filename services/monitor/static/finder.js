// Where in a page's source a block stands whose text cleaning has told: its letters and figures are looked for among
// those of the source, past markup, spaces and marks. In one pass, however the source is made: it is a stranger's.

const RAW = /<(script|style)\b/iy;
const ENTITY = /&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|([a-z]{2,6}));/iy;
const NAMED = { agrave: "à", aacute: "á", acirc: "â", atilde: "ã", auml: "ä", aring: "å", aelig: "æ", ccedil: "ç", egrave: "è",
  eacute: "é", ecirc: "ê", euml: "ë", igrave: "ì", iacute: "í", icirc: "î", iuml: "ï", ntilde: "ñ", ograve: "ò", oacute: "ó",
  ocirc: "ô", otilde: "õ", ouml: "ö", oslash: "ø", ugrave: "ù", uacute: "ú", ucirc: "û", uuml: "ü", szlig: "ß",
  Auml: "Ä", Ouml: "Ö", Uuml: "Ü", Eacute: "É" };
const LETTER = /^[\p{L}\p{N}]$/u;
const BETWEEN = /[^\p{L}\p{N}]+/gu;

export class Finder {
  constructor(source) {
    this.lines = linesOf(source);
    this.runs = runsOf(source);
    let length = 0;
    for (const run of this.runs) { run.before = length; length += run.text.length; }
    this.letters = this.runs.map((run) => run.text).join("");
  }

  // Ranges of the source, from and to, in order; none where the text is not there. Texts of several lines are several.
  find(text, line) {
    const begin = this.lines[(line ?? 1) - 1]?.[0] ?? 0;
    let from = this.runs[last(this.runs, (run) => run.from < begin) + 1]?.before ?? 0;
    const found = [];
    for (const each of text.split("\n")) {
      const wanted = each.replace(BETWEEN, "");
      const at = wanted ? this.letters.indexOf(wanted, from) : -1;
      if (at < 0) continue;
      from = at + wanted.length;
      found.push([this.place(at)[0], this.place(from - 1)[1]]);
    }
    return found;
  }

  // Where in the source a letter begins and ends.
  place(letter) {
    const run = this.runs[last(this.runs, (each) => each.before <= letter)];
    return run.to - run.from === run.text.length ? [run.from + letter - run.before, run.from + letter - run.before + 1] : [run.from, run.to];
  }
}

// The last of those, which come first, that something holds of; -1 where it holds of none.
function last(sorted, holds) {
  let low = 0, high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(sorted[middle])) low = middle + 1; else high = middle;
  }
  return low - 1;
}

function linesOf(source) {
  const lines = [];
  let from = 0;
  for (const end of source.matchAll(/\r\n|\r|\n/g)) {
    lines.push([from, end.index]);
    from = end.index + end[0].length;
  }
  lines.push([from, source.length]);
  return lines;
}

// Letters and figures in a row, with where they stand.
function runsOf(source) {
  const runs = [], next = /[<&]|[\p{L}\p{N}]+/gu;
  for (let found = next.exec(source); found; found = next.exec(source)) {
    const from = found.index;
    if (found[0] === "<") {
      const end = behindMarkup(source, from);
      if (end < 0) break;
      next.lastIndex = end;
    } else if (found[0] === "&") {
      const entity = at(ENTITY, source, from);
      if (!entity) continue;
      next.lastIndex = from + entity[0].length;
      const text = character(entity);
      if (LETTER.test(text)) runs.push({ text, from, to: next.lastIndex });
    } else {
      runs.push({ text: found[0], from, to: from + found[0].length });
    }
  }
  return runs;
}

function behindMarkup(source, from) {
  if (source.startsWith("<!--", from)) return behind(source, "-->", from + 4);
  const raw = at(RAW, source, from);
  if (raw) {
    const ends = new RegExp(`</${raw[1]}`, "gi");
    ends.lastIndex = from;
    const end = ends.exec(source);
    return end ? behind(source, ">", end.index) : -1;
  }
  return /[a-z/!?]/i.test(source[from + 1] ?? "") ? behind(source, ">", from) : from + 1;
}

function behind(source, what, from) {
  const place = source.indexOf(what, from);
  return place < 0 ? -1 : place + what.length;
}

function at(pattern, source, from) {
  pattern.lastIndex = from;
  return pattern.exec(source);
}

function character([, hex, decimal, name]) {
  if (name) return NAMED[name] ?? "";
  const code = hex ? parseInt(hex, 16) : Number(decimal);
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : "";
}
