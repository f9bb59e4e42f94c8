// Dead letters: by reason and by site, as a list, and each by itself (letter.js).
import { act, letters } from "./act.js";
import { ROOMS, add, api, count, fill, h, long, more, scrolling, signIn, table, time, trouble } from "./dom.js";
import { showOne } from "./letter.js";
import { live } from "./live.js";

const NAMES = { reason: "Reason", stage: "Room", site: "Site", source: "Source" };
const LISTED = 10;  // so that the letters themselves begin within a screen or two

export async function show(main) {
  const asked = new URLSearchParams(location.search);
  const place = h("div");
  main.append(place);
  if (asked.get("id")) await showOne(place, asked.get("id"));
  else await keepShown(place, where(asked));
}

// The list stays as it is under whoever works on it; where the letters have changed it says so, and is made anew on demand.
async function keepShown(place, filter) {
  const news = h("p", { class: "news", "aria-live": "polite" });
  place.before(news);
  await showAll(place, filter);
  let heard = null;
  live(async (kind, state) => {
    if (kind === "shut" && heard !== kind) {
      heard = kind;
      fill(news, "The key of this browser opens this page no more. ", signIn(), ".");
    }
    const reasons = kind === "state" ? JSON.stringify(state.reasons) : heard;
    if (reasons === heard) return;
    heard = reasons;
    const now = await api(`/v1/dead-letters?${new URLSearchParams({ ...filter, size: "1" })}`).catch(() => null);
    if (!now) heard = null;  // asked again with the next event
    else if (place.dataset.seen === seen(now)) fill(news);
    else fill(news, `The letters have changed: there ${now.total === 1 ? "is" : "are"} ${letters(now.total)} now. `,
      h("button", { type: "button", onclick: async () => { fill(news); await showAll(place, filter); place.querySelector(".total")?.focus(); } }, "Show them"));
  });
}

const seen = (found) => `${found.total} ${found.items[0]?.id ?? ""}`;

const where = (asked) => Object.fromEntries(Object.keys(NAMES).filter((name) => asked.get(name)).map((name) => [name, asked.get(name)]));
const address = (filter) => `/monitor/letters?${new URLSearchParams(filter)}`;
const named = (filter) => Object.entries(filter).map(([name, value]) => `${NAMES[name].toLowerCase()} ${value}`).join(", ") || "all";

async function showAll(place, filter) {
  const list = (cursor) => api(`/v1/dead-letters?${new URLSearchParams({ ...filter, size: "50", ...(cursor ? { cursor } : {}) })}`);
  let found;
  try {
    found = await list(null);
  } catch (error) {
    fill(place, filters(filter, []), trouble(error));
    return;
  }
  place.dataset.seen = seen(found);
  const items = h("tbody", {}, found.items.map(row));
  const next = async (cursor) => {
    const page = await list(cursor);
    items.append(...page.items.map(row));
    return page.next;
  };
  fill(place, filters(filter, found.groups), h("p", { class: "total", tabindex: "-1" }, h("b", {}, count(found.total)), ` dead ${found.total === 1 ? "letter" : "letters"}: ${named(filter)}.`),
    found.total ? actions(place, filter) : null,
    found.total ? h("div", { class: "beside" }, reasons(found.groups, filter), sites(found.groups, filter)) : null,
    found.items.length ? scrolling(h("table", {}, h("caption", {}, "Newest first"), h("thead", {}, h("tr", {},
      ["Page", "Room", "Reason", "Detail", "Attempts", "Died"].map((name) => h("th", { scope: "col" }, name)))), items), "Dead letters") : null,
    more(next, found.next));
}

function row(letter) {
  const link = h("a", { href: address({ id: letter.id }) }, letter.url ?? letter.id);
  return h("tr", {}, h("th", { scope: "row", class: "long" }, link), h("td", {}, letter.stage), h("td", {}, letter.reason),
    long(letter.detail ?? "–"), h("td", {}, count(letter.attempts)), h("td", {}, time(letter.died_at)));
}

// Sums of groups that have `key` in common, the largest first.
function sums(groups, key) {
  const found = new Map();
  for (const group of groups) {
    const sum = found.get(key(group)) ?? { ...group, count: 0 };
    sum.count += group.count;
    found.set(key(group), sum);
  }
  return [...found.values()].sort((one, other) => other.count - one.count);
}

function reasons(groups, filter) {
  return part("By reason and room", ["Reason", "Room", "Dead letters"], sums(groups, (group) => `${group.reason} ${group.stage}`), (group) =>
    [h("a", { href: address({ ...filter, reason: group.reason, stage: group.stage }) }, group.reason), group.stage, count(group.count)]);
}

function sites(groups, filter) {
  return part("By site", ["Site", "Dead letters"], sums(groups, (group) => group.site ?? ""), (group) =>
    [group.site ? h("a", { href: address({ ...filter, site: group.site }) }, group.site) : "no site", count(group.count)]);
}

// The first of them, and the others when somebody wants to see them.
function part(caption, columns, found, cells) {
  const shown = table(caption, columns, found.slice(0, LISTED).map(cells));
  const left = found.slice(LISTED);
  if (!left.length) return shown;
  const button = h("button", { type: "button", onclick: () => {
    shown.replaceWith(table(caption, columns, found.map(cells)));
    button.remove();
  } }, `${count(left.length)} more, ${letters(left.reduce((sum, group) => sum + group.count, 0))}`);
  return h("div", {}, shown, h("p", {}, button));
}

function filters(filter, groups) {
  const fields = { reason: typed, site: typed, source: typed, stage: chosen };
  const form = h("form", { class: "ask", role: "search" }, Object.keys(NAMES).map((name) =>
    h("span", {}, h("label", { for: name }, NAMES[name]), fields[name](name, filter[name] ?? "", groups))),
  h("button", { type: "submit", class: "do" }, "Show"), h("a", { href: "/monitor/letters" }, "All"));
  form.addEventListener("submit", (event) => {  // an address without what was not filled in
    event.preventDefault();
    const wanted = [...new FormData(form)].map(([name, value]) => [name, value.trim()]).filter(([, value]) => value);
    location.assign(wanted.length ? address(wanted) : "/monitor/letters");
  });
  return form;
}

const typed = (name, value, groups) => [
  h("input", { id: name, name, value, autocomplete: "off", list: `${name}-known` }),
  h("datalist", { id: `${name}-known` }, [...new Set(groups.map((group) => group[name]).filter(Boolean))].sort().map((each) => h("option", { value: each }))),
];

const chosen = (name, value) => h("select", { id: name, name }, h("option", { value: "" }, "any"),
  [...ROOMS, ...(value && !ROOMS.includes(value) ? [value] : [])].map((room) => h("option", { value: room, selected: room === value }, room)));

function actions(place, filter) {
  const done = async (told) => {
    await showAll(place, filter);
    setTimeout(() => place.querySelector(".total")?.focus());  // the button that was pressed is not there any more
    return told;
  };
  const meant = { filter: Object.keys(filter).length ? filter : { all: true } };
  return add(h("p", { class: "buttons" }), [
    act("redrive", meant, named(filter), { title: "Send them again as they were?", verb: "Send again", note: "wanted" }, done),
    act("discard", meant, named(filter), { title: "Let them go for ever?", verb: "Discard", note: "needed" }, done)]);
}
