// What the page does beyond its links and its form. All HTML is made by the service; texts are set as text here.
import { brush } from "./brush.js";
import { complete } from "./suggestions.js";

const box = document.getElementById("q");
const said = document.getElementById("said");
const AWAY = "✗ The mill does not answer.";

function refresh(within) {
  for (const figure of within.querySelectorAll("[data-chart]")) brush(figure);
  for (const button of within.querySelectorAll(".pointed button")) button.hidden = false;
}

// Positions count code points, as the service does; a text box counts UTF-16.
function point(start, end) {
  const units = (count) => Array.from(box.value).slice(0, count).join("").length;
  box.focus();
  box.setSelectionRange(units(start), units(end));
}

document.addEventListener("click", (event) => {
  const button = event.target.closest(".pointed button");
  if (button) point(Number(button.dataset.start), Number(button.dataset.end));
});

// Whatever is no HTML of these pages is not put into them: a problem is told, and who was signed out signs in.
document.body.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const { xhr } = detail;
  said.textContent = "";
  if (xhr.status === 401) {
    detail.shouldSwap = false;
    location.reload();
  } else if (!(xhr.getResponseHeader("Content-Type") || "").startsWith("text/html")) {
    detail.shouldSwap = false;
    said.textContent = `✗ ${problem(xhr)}`;
  }
});

function problem(xhr) {
  try {
    const told = JSON.parse(xhr.responseText);
    return told.detail || told.title;
  } catch {
    return `The mill answered ${xhr.status}.`;
  }
}

for (const lost of ["htmx:sendError", "htmx:timeout"]) {
  document.body.addEventListener(lost, () => { said.textContent = AWAY; });
}
addEventListener("online", () => { if (said.textContent === AWAY) htmx.trigger(document.getElementById("search"), "submit"); });

// A search that was sent off keeps its place in the history when its words are typed over: the first ones go behind it.
let sent = location.href, typing = false;
document.body.addEventListener("htmx:configRequest", ({ detail }) => {
  typing = detail.elt === box;
  if (typing && location.search && location.href === sent) detail.headers["Pagemill-Sent"] = "1";
});
for (const kept of ["htmx:pushedIntoHistory", "htmx:replacedInHistory"]) {
  document.body.addEventListener(kept, () => { if (!typing) sent = location.href; });
}

// Who comes back from a document finds all the hits that were there, where they stood.
let longer = false;
const hits = () => [...document.querySelectorAll(".results > .hits, .results > .hits ~ *")];
document.body.addEventListener("htmx:afterSwap", ({ detail }) => {
  longer = detail.target.id === "more" || (longer && detail.target.id !== "found");
});
addEventListener("pagehide", () => {
  const shown = hits();
  if (!shown.length) return;
  history.scrollRestoration = longer ? "manual" : "auto";
  sessionStorage.removeItem("results");
  if (!longer) return;
  // The first of the hits that were added had the focus once; put back, it would scroll to itself.
  for (const each of document.querySelectorAll(".results [autofocus]")) each.removeAttribute("autofocus");
  const left = { address: location.href, html: shown.map((each) => each.outerHTML).join(""), height: scrollY };
  try {
    sessionStorage.setItem("results", JSON.stringify(left));
  } catch { /* no room: they are searched again */ }
});
document.addEventListener("click", ({ target }) => { if (target.closest("[data-back]")) sessionStorage.setItem("back", "1"); });
function comeBack() {
  const left = JSON.parse(sessionStorage.getItem("results") || "null");
  const back = sessionStorage.getItem("back") || performance.getEntriesByType("navigation")[0]?.type === "back_forward";
  sessionStorage.removeItem("back");
  const [first, ...others] = hits();
  if (!back || !first || left?.address !== location.href) return;
  others.forEach((each) => each.remove());
  first.outerHTML = left.html;
  htmx.process(document.querySelector(".results"));
  longer = true;
  addEventListener("load", () => setTimeout(() => scrollTo(0, left.height)));  // behind what the browser itself does
}
comeBack();

// What was opened or closed stays so when its place is filled anew.
const opened = new Map();
document.addEventListener("toggle", ({ target }) => { if (target.id) opened.set(target.id, target.open); }, true);

// Who stood on something that is gone now goes on at the results, and not at the top of the page.
let stood = false;
document.body.addEventListener("htmx:beforeSwap", ({ detail }) => {
  stood = detail.target.contains(document.activeElement);
});
document.body.addEventListener("htmx:afterSettle", () => {
  if (stood && document.activeElement === document.body) document.getElementById("main").focus({ preventScroll: true });
  stood = false;
});

document.body.addEventListener("htmx:afterSwap", () => {
  for (const [id, open] of opened) document.getElementById(id)?.toggleAttribute("open", open);
  refresh(document);
});
refresh(document);
if (document.getElementById("suggestions")) complete(box, document.getElementById("suggestions"));
