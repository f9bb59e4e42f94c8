// Who did what to the mill, newest first.
import { api, count, h, long, more, scrolling, time, trouble } from "./dom.js";

const COLUMNS = ["When", "What", "To what", "Pages", "Why", "By", "Request"];
const DEEDS = { pause: "paused", resume: "resumed", redrive: "sent again", discard: "let go", mend: "mended and sent again",
  keep: "kept on a site's pages", drop: "left out of a site's pages again", rebuild: "rebuilt", rollback: "put back",
  retire: "taken from the disk", cancel: "cancelled" };
const OF_LETTERS = ["redrive", "discard", "mend"];
const FILTERS = ["reason", "stage", "site", "source"];
const FIELDS = { stage: "room" };

export async function show(main) {
  const rows = h("tbody");
  const load = async (before) => {
    const told = await api(`/v1/monitor/audit?${new URLSearchParams({ size: "100", ...(before ? { before } : {}) })}`);
    rows.append(...told.items.map(row));
    return told.next;
  };
  try {
    const next = await load(null);
    if (!rows.rows.length) main.append(h("p", { class: "quiet" }, "Nobody has done anything by hand yet."));
    else main.append(scrolling(h("table", {}, h("caption", {}, "Newest first"), h("thead", {}, h("tr", {},
      COLUMNS.map((name) => h("th", { scope: "col" }, name)))), rows), "Audit log"), more(load, next));
  } catch (error) {
    main.append(trouble(error));
  }
}

function row(deed) {
  return h("tr", {}, h("th", { scope: "row", class: "plain" }, time(deed.at)), h("td", {}, DEEDS[deed.action] ?? deed.action),
    long(target(deed)), h("td", {}, count(deed.done)), long(deed.note ?? "–"), h("td", {}, deed.by ?? "–"), h("td", {}, deed.request_id ?? "–"));
}

// Dead letters are named by their ids, or by what they had in common.
function target(deed) {
  if (deed.action === "pause" || deed.action === "resume") return `the ${deed.target} room`;
  if (!OF_LETTERS.includes(deed.action) || deed.target === "all dead letters") return deed.target;
  const parts = deed.target.split(", ");
  if (!deed.target.includes("=")) return parts.map((id, at) => [at ? ", " : "", h("a", { href: `/monitor/page?${new URLSearchParams({ q: id })}` }, id)]);
  const told = parts.map((part) => part.replace(/^([a-z]+)=/, (_, name) => `${FIELDS[name] ?? name} `)).join(", ");
  const filter = parts.map((part) => [part.slice(0, part.indexOf("=")), part.slice(part.indexOf("=") + 1)]);
  if (!filter.every(([name]) => FILTERS.includes(name))) return `dead letters with ${told}`;  // a source may be of any words
  return ["dead letters with ", h("a", { href: `/monitor/letters?${new URLSearchParams(filter)}` }, told)];
}
