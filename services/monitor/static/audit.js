// Who did what to the mill, newest first.
import { api, count, fill, h, scrolling, time, trouble } from "./dom.js";

const COLUMNS = ["When", "What", "To what", "Pages", "Why", "By", "Request"];

export async function show(main) {
  const rows = h("tbody"), more = h("p");
  const load = async (before) => {
    const told = await api(`/v1/monitor/audit?${new URLSearchParams({ size: "100", ...(before ? { before } : {}) })}`);
    rows.append(...told.items.map((deed) => h("tr", {}, h("th", { scope: "row" }, time(deed.at)),
      [deed.action, deed.target, count(deed.done), deed.note ?? "–", deed.by ?? "–", deed.request_id ?? "–"].map((cell) => h("td", {}, cell)))));
    fill(more, told.next ? h("button", { type: "button", onclick: () => load(told.next) }, "More") : null);
    return told.items.length;
  };
  try {
    const found = await load(null);
    if (!found) main.append(h("p", { class: "quiet" }, "Nobody has done anything by hand yet."));
    else main.append(scrolling(h("table", {}, h("caption", {}, "Newest first"), h("thead", {}, h("tr", {},
      COLUMNS.map((name) => h("th", { scope: "col" }, name)))), rows), "Audit log"), more);
  } catch (error) {
    main.append(trouble(error));
  }
}
