// What the mill does, as events. A browser has six connections to an address where HTTP/1.1 is spoken, and a stream of
// events keeps one of them: so a tab that nobody sees has no stream, and of those that are seen one listens for all.

import { api, shutOut } from "./dom.js";

const NAME = "pagemill-live";
const AGAIN_MS = 3000;
const SILENT_MS = 15000;  // an event comes each two seconds

// `told` is called with `state` and what the mill says of itself, with `away` while its ledger is, with `lost`, and with
// `shut` where the mill answers, but not to this browser's key any more.
export function live(told) {
  const others = new BroadcastChannel(NAME);
  let seat = null;  // of a tab that is seen: it listens, or waits for its turn to
  let heard = 0;

  const hear = ({ kind, data }) => {
    if (!seat) return;
    heard = Date.now();
    told(kind, data ? JSON.parse(data) : null);
  };
  const spread = (event) => {
    others.postMessage(event);
    hear(event);
  };
  others.addEventListener("message", (event) => hear(event.data));

  const look = () => {
    if (document.hidden) {
      seat?.abort();
      seat = null;
    } else if (!seat) {
      seat = new AbortController();
      heard = Date.now();
      inTurn(seat.signal, spread);
    }
  };
  document.addEventListener("visibilitychange", look);
  setInterval(() => { if (seat && Date.now() - heard > SILENT_MS) hear({ kind: "lost" }); }, AGAIN_MS);
  look();
}

// Browsers have locks for pages that came by HTTPS or from this machine; any other tab listens for itself.
function inTurn(signal, spread) {
  const listening = () => new Promise((left) => { listen(signal, spread, left); });
  if (navigator.locks) navigator.locks.request(NAME, { signal }, listening).catch(() => {});  // left before its turn
  else listening();
}

// An EventSource does not say what it was answered.
const whyLost = () => api("/v1/monitor/state").then(() => "lost", (error) => shutOut(error) ? "shut" : "lost");

// An EventSource comes back by itself where a stream has broken, but an answer such as a gateway's 503 closes it for
// good, and a stream that has fallen silent it keeps: so each time a new one is made.
function listen(signal, spread, left) {
  let events, later;
  const open = () => {
    let fine = false;
    events = new EventSource("/v1/monitor/live");
    const waits = () => { clearTimeout(later); later = setTimeout(failed, SILENT_MS); };
    const failed = () => {
      events.close();
      if (!fine) whyLost().then((kind) => spread({ kind }));  // a good stream ends after an hour, too
      clearTimeout(later);
      later = setTimeout(open, AGAIN_MS);
    };
    for (const kind of ["state", "away"]) {
      events.addEventListener(kind, (event) => { fine = true; waits(); spread({ kind, data: event.data }); });
    }
    events.addEventListener("error", failed);
    waits();
  };
  signal.addEventListener("abort", () => { clearTimeout(later); events.close(); left(); });
  open();
}
