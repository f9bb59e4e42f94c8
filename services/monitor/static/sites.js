// Pages by day and site as a calendar; sites that went quiet or fail stand first, with a sign and the reason in words.
import { add, api, count, fill, h, more, scrolling, trouble } from "./dom.js";
import { learnt } from "./learnt.js";

const SIGNS = { failing: "✗ failing", quiet: "! quiet", poor: "! poor", well: "✓ well" };
const AT_ONCE = 100;
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const short = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 0 });

export async function show(main) {
  let told;
  try {
    told = await api("/v1/monitor/sites?days=28");
  } catch (error) {
    main.append(trouble(error));
    return;
  }
  if (!told.sites.length) {
    main.append(h("p", { class: "quiet" }, "No page with a URL has come in during the last 28 days."));
    return;
  }
  const place = h("div");
  add(main, [h("p", {}, "Pages accepted on each day, UTC; ✗ where a third of a day's pages or more died. ", legend()),
    choice(told.sites, (sites) => calendar(place, sites, told)), place]);
  today(place);
  main.append(await learnt());
}

function today(place) {
  const frame = place.querySelector(".scroll");
  frame.scrollLeft = frame.scrollWidth;
}

function legend() {
  return h("span", { class: "scale" }, "Fewer pages ", [1, 2, 3, 4].map((level) => h("span", { class: `level-${level}`, "aria-hidden": "true" }, " ")), " more.");
}

// How many sites stand how: each number is a button that shows these alone.
function choice(sites, show) {
  const kinds = Object.keys(SIGNS).map((standing) => [standing, sites.filter((site) => site.standing === standing)]).filter(([, found]) => found.length);
  const buttons = [["all", sites], ...kinds].map(([standing, found]) => {
    const button = h("button", { type: "button", "aria-pressed": "false" }, `${SIGNS[standing] ?? "All"}: ${count(found.length)}`);
    button.addEventListener("click", () => press(button, found));
    return button;
  });
  const press = (pressed, found) => {
    for (const each of buttons) each.setAttribute("aria-pressed", String(each === pressed));
    show(found);
  };
  press(buttons[0], sites);
  return h("p", { class: "buttons", role: "group", "aria-label": "Which sites" }, buttons);
}

function calendar(place, sites, told) {
  const most = Math.max(...told.sites.flatMap((site) => site.days.map((day) => day.accepted)), 1);
  const head = h("tr", {}, ["Site", "Pages", "Died"].map((name) => h("th", { scope: "col" }, name)),
    told.days.map((day, at) => h("th", { scope: "col", class: "day" }, h("span", { class: "unseen" }, day), h("span", { "aria-hidden": "true" }, heading(day, at)))));
  const rows = h("tbody");
  const frame = scrolling(h("table", { class: "calendar", "aria-labelledby": "calendar" }, h("thead", {}, head), rows), "Calendar of sites");
  const next = async (from) => {
    rows.append(...sites.slice(from, from + AT_ONCE).map((site) => row(site, told.days, most)));
    fill(left, sites.length > rows.rows.length ? `${count(rows.rows.length)} of ${count(sites.length)} sites are shown.` : null);
    return sites.length > rows.rows.length ? rows.rows.length : null;
  };
  const left = h("p", { class: "quiet" });
  next(0);
  fill(place, h("h2", { id: "calendar" }, "Sites, the last 28 days"), frame, left, more(next, sites.length > AT_ONCE ? AT_ONCE : null));
  today(place);
}

// The day of the month, with the month where it begins.
function heading(day, at) {
  const number = String(Number(day.slice(8)));
  return at === 0 || number === "1" ? `${MONTHS[Number(day.slice(5, 7)) - 1]} ${number}` : number;
}

function row(site, days, most) {
  const by = new Map(site.days.map((day) => [day.day, day]));
  const others = site.site === "*";
  return h("tr", { class: site.standing }, h("th", { scope: "row", class: "long" }, others ? "all others" : site.site, " ",
    others ? null : h("span", { class: "standing" }, SIGNS[site.standing]), site.why ? h("span", { class: "why" }, ` ${site.why}`) : null),
  h("td", {}, count(site.accepted)),
  h("td", {}, site.dead && !others ? h("a", { href: `/monitor/letters?${new URLSearchParams({ site: site.site })}` }, count(site.dead)) : count(site.dead)),
  days.map((day) => cell(by.get(day), day, most)));
}

function cell(day, name, most) {
  if (!day) return h("td", { class: "day level-0" }, h("span", { class: "unseen" }, `${name}: none`));
  const ended = day.searchable + day.dead + day.dropped;
  const bad = day.dead > 0 && day.dead * 3 >= ended;
  const level = day.accepted ? Math.min(4, 1 + Math.floor(3.99 * Math.log1p(day.accepted) / Math.log1p(most))) : 0;
  const told = `${name}: ${count(day.accepted)} accepted, ${count(day.searchable)} searchable, ${count(day.dead)} died`;
  return h("td", { class: `day level-${level}`, title: told }, h("span", { class: "unseen" }, told),
    h("span", { "aria-hidden": "true" }, bad ? "✗" : day.accepted ? short.format(day.accepted) : ""));
}
