// Lines over time, drawn as SVG: no more is needed here than axes, a few lines and their names.
import { h } from "./dom.js";

const WIDTH = 640, HEIGHT = 180, LEFT = 72, RIGHT = 12, TOP = 10, BOTTOM = 24;
const DASHES = ["", "6 3", "2 3", "8 3 2 3"];  // lines differ by more than their colour

function svg(tag, attributes, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
}

function roof(highest) {
  if (highest <= 0) return 1;
  const step = 10 ** Math.floor(Math.log10(highest));
  return [1, 2, 5, 10].map((each) => each * step).find((each) => each >= highest);
}

// Units of an axis, each with the value up to which it is the one to tell in.
export const SECONDS = [["ms", 0.001, 0.5], ["s", 1, 100], ["min", 60, 6000], ["h", 3600, 172800], ["days", 86400, Infinity]];
export const BYTES = [["B", 1, 1000], ["KiB", 2 ** 10, 1000 * 2 ** 10], ["MiB", 2 ** 20, 1000 * 2 ** 20], ["GiB", 2 ** 30, Infinity]];

// Where an axis ends, and how its values are told: all in one unit, and round in it.
function scale(highest, units, told) {
  if (!units) return { top: roof(highest), mark: told };
  const [name, unit] = units.find(([, , most]) => highest <= most);
  return { top: roof(highest / unit) * unit, mark: (value) => `${Number((value / unit).toPrecision(3))} ${name}` };
}

// `lines`: [{name, values}], a value for each of `times` (Date) or null; `told` makes a value readable.
export function chart(title, times, lines, told, units = null) {
  const known = lines.flatMap((line) => line.values).filter((value) => value !== null && value !== undefined);
  const { top, mark } = scale(Math.max(0, ...known), units, told);
  const [first, last] = [times[0], times[times.length - 1]];
  const x = (at) => LEFT + (WIDTH - LEFT - RIGHT) * (last > first ? (at - first) / (last - first) : 1);
  const y = (value) => TOP + (HEIGHT - TOP - BOTTOM) * (1 - value / top);
  const picture = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": summary(title, lines, told) });
  for (const part of [0, 0.5, 1]) {
    picture.append(svg("line", { class: "grid", x1: LEFT, x2: WIDTH - RIGHT, y1: y(top * part), y2: y(top * part) }),
      svg("text", { x: LEFT - 6, y: y(top * part) + 4, "text-anchor": "end" }, mark(top * part)));
  }
  for (const [at, anchor] of times.length > 1 ? [[first, "start"], [last, "end"]] : [[last, "end"]]) {
    picture.append(svg("text", { x: x(at), y: HEIGHT - 6, "text-anchor": anchor }, clock(at)));
  }
  lines.forEach((line, number) => picture.append(...paths(line.values, times, x, y, number)));
  const names = lines.map((line, number) => h("li", {}, key(number), `${line.name}: ${now(line.values, told)}`));
  return h("figure", {}, h("figcaption", {}, title), picture, h("ul", { class: "names" }, names), numbers(title, times, lines, told));
}

// A gap in the history is a gap in the line: nobody looked then.
function paths(values, times, x, y, number) {
  const parts = [];
  let path = "", before = null;
  values.forEach((value, at) => {
    if (value === null || value === undefined || (before !== null && times[at] - before > 150000)) {
      if (path) parts.push(path);
      path = "";
    }
    if (value !== null && value !== undefined) {
      path += `${path ? "L" : "M"}${x(times[at]).toFixed(1)} ${y(value).toFixed(1)}`;
      before = times[at];
    }
  });
  if (path) parts.push(path.includes("L") ? path : `${path}h.01`);
  return parts.map((d) => svg("path", { class: `line line-${number}`, d, "stroke-dasharray": DASHES[number % DASHES.length] }));
}

function key(number) {
  return svg("svg", { viewBox: "0 0 24 8", width: 24, height: 8, "aria-hidden": "true" },
    svg("path", { class: `line line-${number}`, d: "M0 4h24", "stroke-dasharray": DASHES[number % DASHES.length] }));
}

// What was so last, and no word of it where nobody knows: a room that has worked on nothing took no time for it.
function now(values, told, unknown = "–") {
  const value = values.at(-1);
  return value === null || value === undefined ? unknown : told(value);
}

const clock = (at) => at.toISOString().slice(11, 16);

function summary(title, lines, told) {
  return `${title}. ${lines.map((line) => `${line.name}: now ${now(line.values, told, "unknown")}`).join(", ")}.`;
}

// The same for those who do not see the picture: an hour a row, with the highest that the picture has in it.
function numbers(title, times, lines, told) {
  const hours = new Map();
  times.forEach((at, place) => {
    const hour = at.toISOString().slice(0, 13);
    hours.set(hour, [...hours.get(hour) ?? [], place]);
  });
  const highest = (values, places) => {
    const known = places.map((place) => values[place]).filter((value) => value !== null && value !== undefined);
    return known.length ? Math.max(...known) : null;
  };
  const rows = [...hours.values()].map((places) => h("tr", {}, h("th", { scope: "row" }, clock(times[places[0]])),
    lines.map((line) => h("td", {}, now([highest(line.values, places)], told)))));
  const head = h("tr", {}, h("th", { scope: "col" }, "UTC, from"), lines.map((line) => h("th", { scope: "col" }, line.name)));
  return h("details", {}, h("summary", {}, "As numbers"),
    h("table", {}, h("caption", {}, `${title}, the highest of each hour`), h("thead", {}, head), h("tbody", {}, rows)));
}
