// What the mill does now: fed by server-sent events, so nothing here is ever loaded again.
import { LiveTable, ROOMS, ago, api, ask, bytes, count, fill, h, put, rate, say, seconds, share, signIn, time, trouble, unseen } from "./dom.js";
import { BYTES, SECONDS, chart } from "./chart.js";
import { live } from "./live.js";

const INTAKE = { open: "✓ open", slowing: "! slowing", refusing: "✗ refusing" };
const SILENT_SECONDS = 15;
const both = (quantiles) => `${seconds(quantiles.p50)} / ${seconds(quantiles.p95)}`;

export async function show(main) {
  const alive = h("p", { class: "quiet" }, "Waiting for the mill …");
  const equation = h("p", { class: "equation" });
  const rooms = new LiveTable("Rooms", ["Room", "State", "Waiting", "In hand", "Oldest", "In / s", "Out / s",
    "Wait p50 / p95", "Work p50 / p95", "Dead letters", unseen("Pause or resume")], "There is no room.");
  const workers = new LiveTable("Workers", ["Worker", "Room", "Host", "Pool", "Busy", "Pages in hand", "Memory",
    "Replaced", "Last progress", "Heard of"], "No worker has told of itself in the last minute.");
  const failures = new LiveTable("Dead letters by reason", ["Reason", "Room", "Dead letters", "In the last minute", unseen("The letters")],
    "There are no dead letters.");
  const intake = new Facts("Intake", ["State", "Why", "Line", "Bytes in line", "Empty in", "Refused come again in"]);
  const redis = new Facts("Ledger (Redis)", ["Memory", "On disk", "Waited for the disk", "Version", "Up for"]);
  const index = new Facts("Search index", ["State", "Documents", "Disk free"]);
  const past = h("div", { class: "charts" });
  main.append(alive, h("section", { "aria-label": "The ledger's equation" }, equation), rooms.element,
    h("div", { class: "cards" }, intake.element, redis.element, index.element),
    workers.element, failures.element, h("h2", {}, "The last day"), past);

  let seenAt = null;
  const take = (state) => {
    seenAt = state.at;
    main.classList.remove("stale");
    put(alive, `Live. In the last ${seconds(Math.max(1, Math.round(state.pace.seconds)))} there came ${rate(state.pace.accepted_per_second)} pages a second, and ${rate(state.pace.ended_per_second)} ended.`);
    alive.className = "quiet";
    showEquation(equation, state.ledger);
    rooms.show(ROOMS.map((room) => roomRow(room, state)));
    workers.show(state.workers.map((worker) => [worker.name, [worker.name, worker.rooms.join(", "), worker.host,
      count(worker.processes), count(worker.active), count(worker.pages), bytes(worker.memory_bytes),
      count(worker.restarts), ago(worker.progress_at, state.at), heardOf(worker, state.at)]]));
    failures.show(state.reasons.map((each) => [`${each.reason} ${each.stage}`, [each.reason, each.stage, count(each.count),
      count(state.pace.died[each.stage]?.[each.reason] ?? 0),
      h("a", { href: `/monitor/letters?${new URLSearchParams({ reason: each.reason, stage: each.stage })}` },
        "Show", h("span", { class: "unseen" }, ` those of ${each.reason} in ${each.stage}`))]]));
    showStanding(state, intake, redis, index);
  };
  const buttons = new Map();
  function roomRow(room, state) {
    const told = state.ledger.rooms[room], pace = state.pace.rooms[room];
    let button = buttons.get(room);
    if (!button) {
      button = h("button", { type: "button" });
      button.addEventListener("click", () => pauseOrResume(room, button.dataset.paused === "yes"));
      buttons.set(room, button);
    }
    button.dataset.paused = told.paused ? "yes" : "no";
    put(button, `${told.paused ? "Resume" : "Pause"} ${room}`);
    const breaker = state.standing.breakers[room];
    const how = told.paused ? "‖ paused" : breaker && breaker.open ? "! waits for what it needs"
      : told.working ? "✓ works" : told.waiting ? "… waits for a worker" : "✓ idle";
    return [room, [room, how, count(told.waiting), count(told.working), told.oldest_seconds ? seconds(told.oldest_seconds) : "–",
      rate(pace.in_per_second), rate(pace.out_per_second), both(pace.wait), both(pace.work), count(told.dead), button]];
  }

  const lost = (why) => {
    fill(alive, "✗ ", why, ` What is shown is as it was `, seenAt ? ["at ", time(seenAt)] : "last seen", ".");
    alive.className = "trouble";
    main.classList.add("stale");
  };
  live((kind, state) => {
    if (kind === "state") take(state);
    else lost(WHY[kind]());
  });
  const look = async () => {
    try {
      const { samples } = await api("/v1/monitor/history");
      showPast(past, samples);
    } catch (error) {
      fill(past, trouble(error));
    }
  };
  await look();
  setInterval(() => { if (!document.hidden) look(); }, 60000);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
}

const WHY = {
  away: () => "The ledger does not answer.",
  lost: () => "The mill does not answer; this page tries again by itself.",
  shut: () => ["The key of this browser opens this page no more. ", signIn(), "."],
};

// A worker tells of itself each five seconds, and one that was killed is shown until it has been silent for a minute.
function heardOf(worker, now) {
  const silent = (new Date(now) - new Date(worker.at)) / 1000;
  return silent < SILENT_SECONDS ? "✓ now" : `! silent for ${seconds(silent)}`;
}

function pauseOrResume(room, paused) {
  const verb = paused ? "resume" : "pause";
  ask({
    title: `${paused ? "Resume" : "Pause"} the ${room} room?`,
    told: h("p", {}, paused ? "Pages that wait there are worked on again at once."
      : "Workers finish what they hold and take nothing more. Pages go on coming in and wait; nothing is lost."),
    verb: paused ? "Resume it" : "Pause it",
    note: "wanted",
    done: async (note) => {
      const query = note ? `?${new URLSearchParams({ note })}` : "";
      const told = await api(`/v1/monitor/rooms/${room}/${verb}${query}`, { method: "POST" });
      return told.changed ? `The ${room} room is ${paused ? "resumed" : "paused"}.` : `The ${room} room was ${verb}d already.`;
    },
  });
}

function showEquation(element, ledger) {
  const dropped = Object.values(ledger.dropped).reduce((sum, each) => sum + each, 0);
  const terms = [["searchable", ledger.searchable], ["dead", ledger.dead], ["dropped", dropped], ["deleted", ledger.deleted],
    ["waiting", ledger.waiting], ["in hand", ledger.working]];
  const right = terms.reduce((sum, [, value]) => sum + value, 0);
  const sides = `accepted ${count(ledger.accepted)} ${ledger.accepted === right ? "=" : "≠"} `
    + terms.map(([name, value]) => `${name} ${count(value)}`).join(" + ");
  put(element, `${sides} ${ledger.balanced ? "✓ every page is somewhere" : "✗ pages are missing or there twice: a fault of ours"}`);
  element.classList.toggle("trouble", !ledger.balanced);
}

// A card of names and values.
class Facts {
  constructor(title, names) {
    this.values = new Map(names.map((name) => [name, h("dd", {}, "–")]));
    this.element = h("section", { class: "card" }, h("h2", {}, title),
      h("dl", {}, names.map((name) => h("div", {}, h("dt", {}, name), this.values.get(name)))));
  }

  show(told) {
    for (const [name, value] of Object.entries(told)) put(this.values.get(name), value);
  }
}

function showStanding(state, intake, redis, index) {
  const { intake: door, server, index: found } = state.standing;
  intake.show({
    "State": INTAKE[door.state], "Why": door.detail ?? "–",
    "Line": `${count(door.pages)} of ${count(door.pages_max)} pages`,
    "Bytes in line": `${bytes(door.bytes)} of ${bytes(door.bytes_max)}`,
    "Empty in": !door.pages ? "it is empty" : state.pace.drain_seconds === null ? "it does not drain" : seconds(state.pace.drain_seconds),
    "Refused come again in": door.retry_after_seconds === null ? "none are refused" : seconds(door.retry_after_seconds),
  });
  redis.show({
    "Memory": server.max_bytes ? `${bytes(server.used_bytes)} of ${bytes(server.max_bytes)}` : `${bytes(server.used_bytes)}, no limit`,
    "On disk": (server.written ? "✓ " : "✗ ") + (server.append_only ? `append-only file, fsync ${server.fsync ?? "unknown"}` : "no append-only file"),
    "Waited for the disk": `${count(server.delayed_fsyncs)} times`,
    "Version": server.version, "Up for": seconds(server.uptime_seconds),
  });
  index.show({
    "State": `${found.ok ? "✓" : "✗"} ${found.detail}`, "Documents": count(found.documents),
    "Disk free": found.disk ? `${bytes(found.disk.free)} of ${bytes(found.disk.total)} (${share(found.disk.free / found.disk.total)})` : "–",
  });
}

function showPast(place, samples) {
  if (!samples.length) {
    fill(place, h("p", { class: "quiet" }, "Nothing yet: a sample is kept each minute, for a day."));
    return;
  }
  const times = samples.map((sample) => new Date(sample.at));
  const line = (name, of) => ({ name, values: samples.map(of) });
  const whole = (value) => count(Math.round(value * 10) / 10);
  fill(place,
    chart("Pages a minute", times, ["accepted", "searchable", "died"].map((what) => line(what, (s) => s[what] / s.minutes)), whole),
    chart("Waiting", times, ROOMS.map((room) => line(room, (s) => s.rooms[room]?.waiting ?? null)), whole),
    chart("Oldest page", times, ROOMS.map((room) => line(room, (s) => s.rooms[room]?.oldest_seconds ?? null)), seconds, SECONDS),
    chart("Work on a page, p95", times, ROOMS.map((room) => line(room, (s) => s.rooms[room]?.work_p95 ?? null)), seconds, SECONDS),
    chart("Memory of Redis", times, [line("held", (s) => s.memory_bytes)], bytes, BYTES),
    chart("Documents", times, [line("in the index", (s) => s.documents)], whole));
}
