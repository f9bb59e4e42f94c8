// What every view is made of. Texts are set as text, never as HTML: pages of strangers are shown here. Characters that
// turn the direction of what follows them are shown as marks, so that what is shown is what is there.

export const ROOMS = ["clean", "enrich", "index", "solo"];

export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "class") element.className = value;
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  add(element, children);
  return element;
}

export function add(element, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    element.append(...(child instanceof Node ? [child] : plain(String(child))));
  }
  return element;
}

export function fill(element, ...children) {
  element.replaceChildren();
  return add(element, children);
}

// Sets a text only where it has changed, so that a screen reader or a selection is not disturbed.
export function put(element, text) {
  const told = String(text);
  if (element.textContent !== told) element.textContent = told;
}

export function table(caption, columns, rows) {
  const head = h("tr", {}, columns.map((name) => h("th", { scope: "col" }, name)));
  const body = rows.map((cells) => h("tr", {}, cells.map((cell, at) =>
    cell instanceof HTMLTableCellElement ? cell : at ? h("td", {}, cell) : h("th", { scope: "row" }, cell))));
  return scrolling(h("table", {}, h("caption", {}, caption), h("thead", {}, head), h("tbody", {}, body)), caption);
}

// A cell for words of any length, which are broken where they must be; all other cells are as wide as their words.
export const long = (...children) => h("td", { class: "long" }, children);

// A head of a column that needs no words for those who see it.
export const unseen = (name) => h("span", { class: "unseen" }, name);

// A table that is wider than a phone scrolls by itself, and can be reached by the keyboard for that.
export function scrolling(element, name) {
  return h("div", { class: "scroll", role: "region", tabindex: "0", "aria-label": name }, element);
}

// A table whose rows are kept and whose cells are put anew: whoever stands on a button in it stays there.
export class LiveTable {
  constructor(caption, columns, none) {
    this.body = h("tbody");
    this.none = h("p", { class: "quiet" }, none);
    this.rows = new Map();
    this.width = columns.length;
    const head = h("tr", {}, columns.map((name) => h("th", { scope: "col" }, name)));
    this.frame = scrolling(h("table", {}, h("caption", {}, caption), h("thead", {}, head), this.body), caption);
    this.element = h("div", {}, this.frame, this.none);
  }

  // `rows`: [key, texts or elements]; an element is put in once, when its row is new.
  show(rows) {
    const keys = new Set(rows.map(([key]) => key));
    for (const [key, row] of this.rows) if (!keys.has(key)) { row.remove(); this.rows.delete(key); }
    let before = null;
    for (const [key, cells] of rows) {
      let row = this.rows.get(key);
      if (row) {
        cells.forEach((cell, at) => { if (!(cell instanceof Node)) put(row.cells[at], cell); });
      } else {
        row = h("tr", {}, cells.map((cell, at) => at ? h("td", {}, cell) : h("th", { scope: "row" }, cell)));
        this.rows.set(key, row);
        if (before) before.after(row); else this.body.prepend(row);  // those that are there stay where they are
      }
      before = row;
    }
    this.frame.hidden = rows.length === 0;
    this.none.hidden = rows.length > 0;
  }
}

const whole = new Intl.NumberFormat("en");
export const count = (value) => value === null || value === undefined ? "–" : whole.format(value);

export function rate(perSecond) {
  if (!perSecond) return "0";
  return perSecond >= 10 ? whole.format(Math.round(perSecond)) : perSecond.toPrecision(2);
}

// Two figures, or the whole number where it has more.
const figures = (value) => value >= 9.95 ? whole.format(Math.round(value)) : String(Number(value.toPrecision(2)));

export function seconds(value) {
  if (value === null || value === undefined) return "–";
  if (value === 0) return "0 s";
  if (value < 0.001) return "< 1 ms";
  if (value < 0.9995) return `${Math.round(value * 1000)} ms`;
  if (value < 119.5) return `${figures(value)} s`;
  if (value < 7170) return `${figures(value / 60)} min`;
  if (value < 171000) return `${figures(value / 3600)} h`;
  return `${figures(value / 86400)} days`;
}

export function bytes(value) {
  if (value === null || value === undefined) return "–";
  const names = ["B", "KiB", "MiB", "GiB", "TiB"];
  let at = 0;
  while (value >= 1024 && at < names.length - 1) { value /= 1024; at += 1; }
  return `${at && value < 100 ? value.toPrecision(3) : Math.round(value)} ${names[at]}`;
}

const TURNING = /([\u202A-\u202E\u2066-\u2069])/;

const plain = (text) => text.split(TURNING).map((part, at) => at % 2
  ? h("span", { class: "turning", title: "Turns the direction of text" }, `U+${part.charCodeAt(0).toString(16).toUpperCase()}`) : part);

export const share = (value) => `${Math.round(value * 100)} %`;

export function time(text, seconds = false) {
  if (!text) return "–";
  const at = new Date(text);
  const day = at.toISOString().slice(0, 10);
  return h("time", { datetime: text, title: text }, `${day} ${at.toISOString().slice(11, seconds ? 23 : 19)} UTC`);
}

export const ago = (text, now) => text ? `${seconds(Math.max(0, (new Date(now) - new Date(text)) / 1000))} ago` : "never";

const READ_MS = 30000;
const DEED_MS = 120000;  // thousands of dead letters take their time

// The answer of an address as JSON. Throws an Error with what the problem says.
export async function api(path, { method = "GET", body, raw = false } = {}) {
  const headers = body === undefined ? {} : { "Content-Type": "application/json" };
  const signal = AbortSignal.timeout(method === "GET" ? READ_MS : DEED_MS);
  let answer;
  try {
    answer = await fetch(path, { method, headers, signal, body: body === undefined ? undefined : JSON.stringify(body) });
  } catch (error) {
    const unsure = method !== "GET" && error.name === "TimeoutError";
    throw new Error(`The mill does not answer.${unsure ? " Whether it was done, the log of who did what tells." : ""}`);
  }
  if (!answer.ok) {
    const problem = await answer.json().catch(() => ({}));
    const error = new Error(problem.detail || problem.title || `The mill answered ${answer.status}.`);
    error.status = answer.status;
    error.code = problem.code;
    throw error;
  }
  return raw ? answer : answer.json();
}

const SAID_MS = 12000;
let saying;

// Told to everybody, those who cannot see it too, and gone after a while; `seen: false` to these alone, where it stands
// on the page already.
export function say(text, { seen = true } = {}) {
  const place = document.getElementById("said");
  clearTimeout(saying);
  place.replaceChildren(text);
  place.className = seen ? "told" : "unseen";
  saying = setTimeout(() => { place.className = "unseen"; place.replaceChildren(); }, SAID_MS);
}

export const trouble = (error) => h("p", { class: "trouble", role: "alert" }, "✗ ", error.message, shutOut(error) ? [" ", signIn()] : null);

// Whether the mill answers, but not to the key that this page was opened with.
export const shutOut = (error) => error.status === 401 || error.status === 403;

export const signIn = () => h("a", { href: `/sign-in?${new URLSearchParams({ next: location.pathname + location.search })}` }, "Sign in again");

// A button for what comes next in a list: `load` is given where to go on, and gives where to go on after that.
export function more(load, next) {
  const place = h("div"), told = h("div");
  const show = (from) => {
    const button = h("button", { type: "button" }, "More");
    button.addEventListener("click", async () => {
      button.disabled = true;
      fill(told);
      try {
        show(await load(from));
      } catch (error) {
        fill(told, trouble(error));
        button.disabled = false;
      }
    });
    fill(place, from ? h("p", {}, button) : null, told);
  };
  show(next);
  return place;
}

// Asks once, and does it: `done` is called with the note when it was said yes to, and gives what to tell.
export function ask({ title, told, verb, note = "none", done }) {
  const words = h("input", { id: "note", name: "note", maxlength: "1000", required: note === "needed", autocomplete: "off" });
  const place = h("div");
  const yes = h("button", { type: "submit", class: "do" }, verb);
  const form = h("form", { method: "dialog" },
    h("h2", { id: "asked" }, title), told,
    note === "none" ? null : h("p", {}, h("label", { for: "note" }, note === "needed" ? "Reason" : "Reason (if you like)"), words),
    place,
    h("p", { class: "buttons" }, yes, h("button", { type: "button", onclick: () => dialog.close() }, "Leave it")));
  const dialog = h("dialog", { "aria-labelledby": "asked" }, form);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (note === "needed" && !words.value.trim()) {
      fill(place, trouble(new Error("A reason is needed: it stands in the page's receipt.")));
      words.focus();
      return;
    }
    yes.disabled = true;
    try {
      say(await done(words.value.trim() || null));
      dialog.close();
    } catch (error) {
      fill(place, trouble(error));
      yes.disabled = false;
    }
  });
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
