// One dead letter: body and traceback, mended and tried, sent again, or let go.
import { act } from "./act.js";
import { decoded } from "./charset.js";
import { add, api, ask, count, fill, h, time, trouble } from "./dom.js";

const TEXTS = { title: "Title", url: "URL" };
const SENT = { accepted: "Sent as a new version of the page.", duplicate: "Not sent: the mill has this very page already.",
  unchanged: "Not sent: the mill has this very page already.", superseded: "Not sent: a newer version of the page has come in. The dead letter stays." };

export async function showOne(place, id) {
  let letter;
  try {
    letter = await api(`/v1/dead-letters/${encodeURIComponent(id)}`);
  } catch (error) {
    fill(place, back(), error.status === 404 ? gone(id) : trouble(error));
    return;
  }
  const facts = [["Page", h("a", { href: way(letter.id) }, letter.id)], ["URL", letter.url ?? "–"],
    ["Site", letter.site ?? "–"], ["Source", letter.source ?? "–"], ["Room", letter.stage], ["Reason", letter.reason],
    ["Detail", letter.detail ?? "–"], ["Attempts", count(letter.attempts)], ["Died", time(letter.died_at)]];
  const ended = (told) => { over(place, letter, told); return told; };
  fill(place, back(), h("section", { class: "card", "aria-label": "Dead letter" }, h("dl", {}, facts.map(([name, value]) =>
    h("div", {}, h("dt", {}, name), h("dd", {}, value))))), actions(letter, ended),
  letter.traceback ? [h("h2", {}, "Traceback"), h("pre", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Traceback" }, letter.traceback)] : null,
  letter.raw ? editor(letter, ended) : h("p", { class: "quiet" }, "Its body is not there any more."));
}

const back = () => h("p", {}, h("a", { href: "/monitor/letters" }, "All dead letters"));
const way = (id) => `/monitor/page?${new URLSearchParams({ q: id })}`;

function gone(id) {
  return h("p", {}, "This is no dead letter, or none any more: it was sent again or let go. ", h("a", { href: way(id) }, "What became of the page"));
}

// Nothing can be done to it any more; whoever did it goes on from here.
function over(place, letter, told) {
  const head = h("h2", { tabindex: "-1" }, told);
  fill(place, back(), head, h("p", {}, letter.url ?? letter.id), h("p", {}, h("a", { href: way(letter.id) }, "Where it is now")));
  setTimeout(() => head.focus());  // when the question has closed
}

function actions(letter, ended) {
  const choice = { ids: [letter.id] }, name = letter.url ?? letter.id;
  const done = (told, { done: number, matched }) => {
    if (!matched) return ended("Nothing was done: it was sent again or let go meanwhile.");
    return number ? ended(told) : told;
  };
  return add(h("p", { class: "buttons" }), [
    act("redrive", choice, name, { title: "Send it again as it was?", verb: "Send again", note: "wanted" }, done),
    act("discard", choice, name, { title: "Let it go for ever?", verb: "Discard", note: "needed" }, done)]);
}

// What the page says, and how its bytes were read where it was not sent as text; null where it is no text.
function readable(raw) {
  if (raw.content !== undefined) return { text: raw.content };
  const body = Uint8Array.from(atob(raw.body), (sign) => sign.charCodeAt(0));
  const read = decoded(body, raw.content_type ?? "");
  return read.text.includes("\0") ? null : read;
}

// The page as it could be posted, to be mended; what is not text, or was not touched, is sent as it is.
function editor(letter, ended) {
  const raw = letter.raw;
  const fields = Object.entries(TEXTS).map(([name, label]) => h("p", {}, h("label", { for: `raw-${name}` }, label),
    h("input", { id: `raw-${name}`, name, value: raw[name] ?? "", disabled: name === "url" })));
  const content = h("textarea", { id: "raw-content", rows: "16", spellcheck: "false" });
  const read = readable(raw);
  content.value = read?.text ?? "";
  const before = content.value;  // a field has line ends of its own
  const told = h("div", { "aria-live": "polite" });
  const mended = () => {
    const page = { ...raw };
    delete page.fetched_at;  // mended now, and fetched when it was: the house would take it for the same page
    const title = form.elements.namedItem("title").value.trim();
    if (title) page.title = title; else delete page.title;
    if (content.value !== before) {
      page.content = content.value;
      delete page.body;
      if (page.content_type) page.content_type = page.content_type.split(";")[0];
    }
    return page;
  };
  const tryIt = async () => {
    fill(told, h("p", { class: "quiet" }, "Trying it, keeping nothing …"));
    try {
      const { clean, document: made } = await api("/v1/preview", { method: "POST", body: mended() });
      fill(told, h("p", {}, `✓ It would become “${made.title ?? "a page without a title"}”, ${count(made.word_count)} words, ${count(clean.dropped.length)} blocks dropped.`));
    } catch (error) {
      fill(told, trouble(error));
    }
  };
  const form = h("form", {}, h("h2", {}, "The page, to be mended"), fields,
    read ? h("p", {}, h("label", { for: "raw-content" }, read.charset ? `Content, read as ${read.charset}` : "Content"), content)
      : h("p", { class: "quiet" }, `Its ${raw.content_type ?? "bytes"} cannot be edited as text here.`),
    h("p", { class: "buttons" }, h("button", { type: "button", onclick: tryIt }, "Try it, keep nothing"),
      h("button", { type: "submit", class: "do" }, "Send it, mended …")), told);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    ask({
      title: "Send the mended page?",
      told: h("p", {}, "It is a new version of the page; the dead letter is let go."),
      verb: "Send it",
      done: async () => {
        const answer = await api(`/v1/dead-letters/${letter.id}`, { method: "PUT", body: mended() });
        const words = SENT[answer.status] ?? answer.status;
        return answer.status === "superseded" ? words : ended(words);
      },
    });
  });
  return form;
}
