// Pages by day and site as a calendar; sites that went quiet or fail stand first, with a sign and the reason in words.
import { add, api, count, h, scrolling, trouble } from "./dom.js";
import { learnt } from "./learnt.js";

const SIGNS = { well: "✓ well", quiet: "! quiet", failing: "✗ failing" };
const SHOWN = 200;
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

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
  const most = Math.max(...told.sites.flatMap((site) => site.days.map((day) => day.accepted)), 1);
  const head = h("tr", {}, ["Site", "Standing", "Pages", "Died"].map((name) => h("th", { scope: "col" }, name)),
    told.days.map((day, at) => h("th", { scope: "col", class: "day" }, h("span", { class: "unseen" }, day), h("span", { "aria-hidden": "true" }, heading(day, at)))));
  const rows = told.sites.slice(0, SHOWN).map((site) => row(site, told.days, most));
  const calendar = scrolling(h("table", { class: "calendar" }, h("caption", {}, "Sites, the last 28 days"),
    h("thead", {}, head), h("tbody", {}, rows)), "Calendar of sites");
  add(main, [h("p", {}, "Pages accepted on each day, UTC. The darker, the more; ✗ where a third of a day's pages or more died."),
    calendar,
    told.sites.length > SHOWN ? h("p", { class: "quiet" }, `${count(told.sites.length - SHOWN)} more sites, all of them well.`) : null,
    await learnt()]);
  calendar.scrollLeft = calendar.scrollWidth;  // today
}

// The day of the month, with the month where it begins.
function heading(day, at) {
  const number = String(Number(day.slice(8)));
  return at === 0 || number === "1" ? `${MONTHS[Number(day.slice(5, 7)) - 1]} ${number}` : number;
}

function row(site, days, most) {
  const by = new Map(site.days.map((day) => [day.day, day]));
  const name = site.site === "*" ? "all others" : site.site;
  return h("tr", { class: site.standing }, h("th", { scope: "row" }, name),
    h("td", {}, SIGNS[site.standing], site.why ? h("span", { class: "why" }, ` ${site.why}`) : null), h("td", {}, count(site.accepted)),
    h("td", {}, site.dead ? h("a", { href: `/monitor/letters?${new URLSearchParams({ site: site.site })}` }, count(site.dead)) : "0"),
    days.map((day) => cell(by.get(day), day, most)));
}

function cell(day, name, most) {
  if (!day) return h("td", { class: "day level-0" }, h("span", { class: "unseen" }, `${name}: none`));
  const ended = day.searchable + day.dead + day.dropped;
  const bad = day.dead > 0 && day.dead * 3 >= ended;
  const level = day.accepted ? Math.min(4, 1 + Math.floor(3.99 * Math.log1p(day.accepted) / Math.log1p(most))) : 0;
  const told = `${name}: ${count(day.accepted)} accepted, ${count(day.searchable)} searchable, ${count(day.dead)} died`;
  return h("td", { class: `day level-${level}`, title: told }, h("span", { class: "unseen" }, told),
    h("span", { "aria-hidden": "true" }, bad ? "✗" : day.accepted > 999 ? "999+" : day.accepted || ""));
}
