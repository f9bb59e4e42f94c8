// Dead letters: by reason and site, one by one with body and traceback, mended and tried again, or let go.
import { api, ask, count, fill, h, say, scrolling, table, time, trouble } from "./dom.js";

const FILTERS = ["reason", "stage", "site", "source"];
const TEXTS = ["title", "url"];

export async function show(main) {
  const asked = new URLSearchParams(location.search);
  const place = h("div");
  main.append(place);
  const again = () => asked.get("id") ? showOne(place, asked.get("id"), again) : showAll(place, where(asked), again);
  await again();
}

const where = (asked) => Object.fromEntries(FILTERS.filter((name) => asked.get(name)).map((name) => [name, asked.get(name)]));
const address = (filter) => `/monitor/letters?${new URLSearchParams(filter)}`;
const named = (filter) => Object.entries(filter).map(([name, value]) => `${name} ${value}`).join(", ") || "all";

async function showAll(place, filter, again) {
  let found;
  try {
    found = await api(`/v1/dead-letters?${new URLSearchParams({ ...filter, size: "50" })}`);
  } catch (error) {
    fill(place, trouble(error));
    return;
  }
  const items = h("tbody", {}, found.items.map(row));
  const more = h("p");
  const next = (cursor) => fill(more, cursor ? h("button", { type: "button", onclick: async () => {
    const page = await api(`/v1/dead-letters?${new URLSearchParams({ ...filter, size: "50", cursor })}`);
    items.append(...page.items.map(row));
    next(page.next);
  } }, "More") : null);
  next(found.next);
  fill(place, filters(filter), h("p", {}, h("b", {}, count(found.total)), ` dead letters: ${named(filter)}.`),
    found.total ? actions({ filter: Object.keys(filter).length ? filter : { all: true } }, named(filter), again) : null,
    found.groups.length ? table("By reason, room and site", ["Reason", "Room", "Site", "Dead letters"], found.groups.map((group) => {
      const here = { ...filter, reason: group.reason, stage: group.stage, ...(group.site ? { site: group.site } : {}) };
      return [h("a", { href: address(here) }, group.reason), group.stage, group.site ?? "–", count(group.count)];
    })) : null,
    found.items.length ? scrolling(h("table", {}, h("caption", {}, "Newest first"), h("thead", {}, h("tr", {},
      ["Page", "Room", "Reason", "Detail", "Attempts", "Died"].map((name) => h("th", { scope: "col" }, name)))), items), "Dead letters") : null, more);
}

function row(letter) {
  const link = h("a", { href: `/monitor/letters?${new URLSearchParams({ id: letter.id })}` }, letter.url ?? letter.id);
  return h("tr", {}, h("th", { scope: "row" }, link), [letter.stage, letter.reason, letter.detail ?? "–", count(letter.attempts),
    time(letter.died_at)].map((cell) => h("td", {}, cell)));
}

function filters(filter) {
  return h("form", { class: "ask", role: "search" }, FILTERS.map((name) => h("span", {}, h("label", { for: name }, name),
    h("input", { id: name, name, value: filter[name] ?? "", autocomplete: "off" }))), h("button", { type: "submit", class: "do" }, "Show"),
  h("a", { href: "/monitor/letters" }, "All"));
}

// A dry run comes first, and says how many it would be.
function actions(choice, name, again) {
  const act = (verb, title, button, note) => h("button", { type: "button", onclick: async () => {
    try {
      const { matched } = await api(`/v1/dead-letters/${verb}`, { method: "POST", body: { ...choice, dry_run: true } });
      ask({
        title, verb: button, note,
        told: h("p", {}, `${count(matched)} dead ${matched === 1 ? "letter is" : "letters are"} meant (${name}).`),
        done: async (reason) => {
          const told = await api(`/v1/dead-letters/${verb}`, { method: "POST", body: { ...choice, ...(reason ? { note: reason } : {}) } });
          await again();
          return `${count(told.done)} of ${count(told.matched)} ${verb === "redrive" ? "sent again" : "let go"}.`;
        },
      });
    } catch (error) {
      say(error.message);
    }
  } }, `${button} …`);
  return h("p", { class: "buttons" }, act("redrive", "Send them again as they were?", "Send again", "wanted"),
    act("discard", "Let them go for ever?", "Discard", "needed"));
}

async function showOne(place, id, again) {
  let letter;
  try {
    letter = await api(`/v1/dead-letters/${encodeURIComponent(id)}`);
  } catch (error) {
    fill(place, back(), trouble(error));
    return;
  }
  const facts = [["Page", h("a", { href: `/monitor/page?${new URLSearchParams({ q: letter.id })}` }, letter.id)], ["URL", letter.url ?? "–"],
    ["Site", letter.site ?? "–"], ["Source", letter.source ?? "–"], ["Room", letter.stage], ["Reason", letter.reason],
    ["Detail", letter.detail ?? "–"], ["Attempts", count(letter.attempts)], ["Died", time(letter.died_at)]];
  fill(place, back(), h("section", { class: "card", "aria-label": "Dead letter" }, h("dl", {}, facts.map(([name, value]) =>
    h("div", {}, h("dt", {}, name), h("dd", {}, value))))), actions({ ids: [letter.id] }, letter.url ?? letter.id, again),
  letter.traceback ? [h("h2", {}, "Traceback"), h("pre", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Traceback" }, letter.traceback)] : null,
  letter.raw ? editor(letter) : h("p", { class: "quiet" }, "Its body is not there any more."));
}

const back = () => h("p", {}, h("a", { href: "/monitor/letters" }, "All dead letters"));

// The page as it could be posted, to be mended; what is not text is shown and sent as it is.
function editor(letter) {
  const raw = letter.raw;
  const fields = TEXTS.map((name) => h("p", {}, h("label", { for: `raw-${name}` }, name),
    h("input", { id: `raw-${name}`, name, value: raw[name] ?? "", disabled: name === "url" })));
  const content = h("textarea", { id: "raw-content", rows: "16", spellcheck: "false" });
  content.value = raw.content ?? "";
  const told = h("div", { "aria-live": "polite" });
  const mended = () => {
    const page = { ...raw };
    delete page.fetched_at;  // mended now, and fetched when it was: the house would take it for the same page
    const title = form.elements.namedItem("title").value.trim();
    if (title) page.title = title; else delete page.title;
    if (raw.content !== undefined) page.content = content.value;
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
    raw.content === undefined ? h("p", { class: "quiet" }, `Its ${raw.content_type ?? "bytes"} cannot be edited as text here.`)
      : h("p", {}, h("label", { for: "raw-content" }, "content"), content),
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
        fill(told, h("p", {}, h("a", { href: `/monitor/page?${new URLSearchParams({ q: answer.id })}` }, "Where it is now")));
        return `Sent: ${answer.status}.`;
      },
    });
  });
  return form;
}
