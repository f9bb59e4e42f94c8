// A page as it was sent, line by line, with what cleaning left out struck through, beside what it kept and dropped.
import { api, bytes, count, fill, h, trouble } from "./dom.js";
import { decoded } from "./charset.js";
import { Finder } from "./finder.js";

const LINES = 2000;
const SHOWN_BYTES = 2 * 1024 * 1024;

export async function showOriginal(place, receipt) {
  let answer;
  try {
    answer = await api(`/v1/pages/${receipt.id}/raw`, { raw: true });
  } catch (error) {
    fill(place, h("h2", {}, "The page as it was sent"), trouble(error));
    return;
  }
  const body = new Uint8Array(await answer.arrayBuffer());
  const kind = answer.headers.get("Content-Type") ?? "";
  const { text, charset } = decoded(body.subarray(0, SHOWN_BYTES), kind);
  const left = h("section", { "aria-label": "Original", class: "original" });
  const cleaned = h("div", {}, h("p", { class: "quiet" }, "Cleaning it …"));
  const show = (dropped) => source(left, text, dropped, body.length > SHOWN_BYTES);
  fill(place, h("h2", {}, "The page as it was sent, and what cleaning makes of it"),
    h("p", { class: "quiet" }, `${bytes(body.length)}, read as ${charset}. Cleaned as this version does now; nothing of it is kept.`),
    h("div", { class: "beside" }, left, cleaned));
  show([]);
  try {
    const item = { body: base64(body) };
    if (kind && !kind.startsWith("application/octet-stream")) item.content_type = kind;
    if (receipt.url) item.url = receipt.url;
    const { clean } = await api("/v1/preview", { method: "POST", body: item });
    fill(cleaned, blocks(clean, show(clean.dropped)));
  } catch (error) {
    fill(cleaned, trouble(error));
  }
}

// Shows the lines; gives where each dropped block is to be seen in them, as the id of an element, or null.
function source(place, text, dropped, cut) {
  const finder = new Finder(text);
  const found = dropped.map((each) => finder.find(each.text, each.line));
  const places = found.map((ranges, at) => ranges.length ? `dropped-${at}` : dropped[at].line && dropped[at].line <= LINES ? `line-${dropped[at].line}` : null);
  const ranges = found.flatMap((each, at) => each.map(([from, to], part) => ({ from, to, id: part ? null : `dropped-${at}` })))
    .sort((one, other) => one.from - other.from);
  const about = new Set(dropped.filter((_, at) => !found[at].length).map((each) => each.line));
  const lines = finder.lines.slice(0, LINES);
  const shown = h("ol", { class: "lines" }, lines.map(([from, to], at) =>
    h("li", { id: `line-${at + 1}`, class: about.has(at + 1) ? "about" : null }, pieces(text, from, to, ranges))));
  fill(place, h("h3", {}, "Original"), legend(ranges.length > 0, about.size > 0),
    h("div", { class: "scroll tall", role: "region", tabindex: "0", "aria-label": "The original, line by line" }, shown),
    finder.lines.length > lines.length || cut ? h("p", { class: "quiet" }, `The first ${count(lines.length)} lines are shown.`) : null);
  return places.map((id) => id && document.getElementById(id) ? id : null);
}

function legend(struck, about) {
  if (!struck && !about) return null;
  return h("p", { class: "legend" }, struck ? [h("del", { class: "cut" }, "Struck through"), ": what cleaning left out. "] : null,
    about ? [h("span", { class: "about" }, "A bar at the side"), ": a block that was left out begins in this line."] : null);
}

// A line, with what of it was left out as elements of their own.
function pieces(text, from, to, ranges) {
  const parts = [];
  let at = from;
  for (const range of ranges) {
    if (range.to <= at) continue;
    if (range.from >= to) break;
    const begin = Math.max(at, range.from), end = Math.min(to, range.to);
    parts.push(text.slice(at, begin), h("del", { class: "cut", id: range.from >= from ? range.id : null }, text.slice(begin, end)));
    at = end;
  }
  parts.push(text.slice(at, to));
  return parts;
}

function blocks(clean, places) {
  const kept = [clean.title ? h("h4", {}, clean.title) : null, clean.standfirst ? h("p", {}, clean.standfirst) : null,
    clean.paragraphs.map((text) => h("p", {}, text))];
  const dropped = clean.dropped.map((each, at) => h("li", {}, h("b", {}, each.reason), " ",
    each.line ? places[at] ? h("a", { href: `#${places[at]}` }, `line ${each.line}`) : `line ${each.line}` : "", h("p", {}, each.text)));
  return [h("section", { "aria-label": "Kept", class: "kept" }, h("h3", {}, `✓ Kept: ${blocksOf(clean.paragraphs.length)}`), kept),
    h("section", { "aria-label": "Dropped", class: "dropped" }, h("h3", {}, `– Dropped: ${blocksOf(dropped.length)}`),
      dropped.length ? h("ul", {}, dropped) : h("p", { class: "quiet" }, "Nothing."))];
}

const blocksOf = (number) => `${count(number)} ${number === 1 ? "block" : "blocks"}`;

function base64(body) {
  let text = "";
  for (let at = 0; at < body.length; at += 32768) text += String.fromCharCode(...body.subarray(at, at + 32768));
  return btoa(text);
}
