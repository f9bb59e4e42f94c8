// Where is my page? Its receipt as a timeline, and what cleaning kept and dropped beside the original.
import { api, count, fill, h, long, say, seconds, shutOut, table, time, trouble } from "./dom.js";
import { showOriginal } from "./original.js";

const ID = /^[A-Za-z0-9_-]{1,64}$/;
const STATES = { searchable: "✓ searchable", dead: "✗ dead letter", dropped: "– dropped", deleted: "– deleted",
  waiting: "… waiting", working: "… in hand" };
const MOVING = ["waiting", "working"];
const LOOK_MS = 2000;

export async function show(main) {
  const asked = new URLSearchParams(location.search).get("q") ?? "";
  const words = h("input", { id: "q", name: "q", value: asked, required: true, autocomplete: "off", spellcheck: "false" });
  const form = h("form", { role: "search", class: "ask" }, h("label", { for: "q" }, "Id or URL of a page"), words,
    h("button", { type: "submit", class: "do" }, "Look"));
  const place = h("div");
  main.append(form, place);
  if (asked) await look(place, asked.trim());
  else words.focus();
}

async function look(place, asked) {
  const byUrl = !ID.test(asked);
  const ask = () => api(byUrl ? `/v1/pages?${new URLSearchParams({ url: asked })}` : `/v1/pages/${asked}`);
  try {
    const receipt = await ask();
    const walk = h("div"), original = h("section", { "aria-label": "The page" });
    fill(place, walk, original);
    showWalk(walk, receipt);
    if (MOVING.includes(receipt.state)) follow(walk, ask, receipt);
    await showOriginal(original, receipt);
  } catch (error) {
    const unknown = byUrl && error.status === 404;  // its id is nothing that anybody has typed
    fill(place, trouble(unknown ? new Error(`Nothing is known of a page with the URL ${asked}`) : error));
  }
}

function showWalk(place, receipt) {
  fill(place, head(receipt), timeline(receipt), receipt.stages.length ? attempts(receipt) : null);
  say(`Page ${receipt.id} is ${receipt.state}.`, { seen: false });
}

// Until the page has ended; what is shown is touched only where the page has moved.
async function follow(place, ask, shown) {
  while (MOVING.includes(shown.state)) {
    await new Promise((later) => { setTimeout(later, LOOK_MS); });
    if (document.hidden) continue;
    try {
      const now = await ask();
      if (JSON.stringify(now) !== JSON.stringify(shown)) showWalk(place, now);
      shown = now;
    } catch (error) {
      if (error.status === 404) return;
      if (!shutOut(error)) continue;  // asked again
      place.append(trouble(error));
      return;
    }
  }
}

function head(receipt) {
  const facts = [["Id", h("code", {}, receipt.id)], ["URL", receipt.url ?? "–"], ["Source", receipt.source ?? "–"],
    ["State", STATES[receipt.state] ?? receipt.state], ["Reason", receipt.reason ?? "–"], ["Room", receipt.stage ?? "–"],
    ["Version", String(receipt.version)],
    ["Searchable version", receipt.searchable_version === null ? "none" : String(receipt.searchable_version)]];
  const links = [];
  if (receipt.state === "dead") links.push(h("a", { href: `/monitor/letters?${new URLSearchParams({ id: receipt.id })}` }, "The dead letter"));
  if (receipt.searchable_version !== null) links.push(h("a", { href: `/documents/${receipt.id}` }, "The document"));
  return h("section", { class: "card", "aria-label": "Receipt" }, h("dl", {}, facts.map(([name, value]) =>
    h("div", {}, h("dt", {}, name), h("dd", {}, value)))), h("p", {}, links.map((link) => [link, " "])));
}

// What happened, in order, with the waiting between.
function timeline(receipt) {
  const steps = [], history = [...receipt.history];
  let before = receipt.accepted_at ? new Date(receipt.accepted_at) : null;
  const between = (at) => before && at ? seconds(Math.max(0, (new Date(at) - before) / 1000)) : null;
  if (receipt.accepted_at) steps.push(h("li", {}, h("b", {}, "accepted"), " ", time(receipt.accepted_at, true)));
  for (const stage of receipt.stages) {
    if (letGo(stage)) {
      steps.push(h("li", { class: "bad" }, h("b", {}, stage.name), " ", time(stage.finished_at, true), ": the dead letter was let go",
        stage.detail ? h("p", {}, stage.detail) : null));
      continue;
    }
    for (; history.length && stage.started_at && history[0].at <= stage.started_at; history.shift()) steps.push(happening(history[0]));
    const waited = stage.waited_ms === null ? between(stage.started_at) : seconds(stage.waited_ms / 1000);
    steps.push(h("li", { class: stage.outcome === "dead" ? "bad" : null }, h("b", {}, stage.name), " ", time(stage.started_at, true),
      waited ? `, after waiting ${waited}` : "", stage.finished_at ? ", done " : "",
      stage.finished_at ? time(stage.finished_at, true) : "", `: ${stage.outcome ?? "under way"}`,
      stage.detail ? h("p", {}, stage.detail) : null));
    if (stage.finished_at) before = new Date(stage.finished_at);
  }
  steps.push(...history.map(happening));
  if (receipt.searchable_at) steps.push(h("li", {}, h("b", {}, "searchable"), " ", time(receipt.searchable_at, true)));
  else if (["dead", "dropped", "deleted"].includes(receipt.state)) steps.push(h("li", { class: "bad" }, h("b", {}, receipt.state), ` ${receipt.reason ?? ""}`));
  else steps.push(h("li", {}, h("b", {}, STATES[receipt.state]), receipt.stage ? ` in the ${receipt.stage} room` : ""));
  return h("section", {}, h("h2", {}, "What happened"),
    receipt.accepted_at ? null : h("p", { class: "quiet" }, "The receipt has expired, or there never was one; this is what the index knows."),
    h("ol", { class: "timeline" }, steps));
}

const WHAT = { retry: "tried in vain", died: "died", "sent-again": "sent again" };
const happening = (each) => h("li", { class: each.what === "sent-again" ? null : "bad" }, h("b", {}, each.room), " ", time(each.at, true),
  `: ${WHAT[each.what] ?? each.what}`, each.times > 1 ? `, ${count(each.times)} times` : "", each.detail ? h("p", {}, each.detail) : null);

// A dead letter that was discarded has a record of its own, in which nobody worked on it.
const letGo = (stage) => stage.attempts === 0 && stage.outcome === "dropped";

function attempts(receipt) {
  return table("Rooms", ["Room", "Attempts", "Work", "Outcome", "Detail"], receipt.stages.filter((stage) => !letGo(stage)).map((stage) =>
    [stage.name, count(stage.attempts), stage.ms === null ? "–" : seconds(stage.ms / 1000), stage.outcome ?? "under way", long(stage.detail ?? "–")]));
}
