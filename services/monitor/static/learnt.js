// What sites repeat on their pages: a list of sites, each with a table of its blocks once it is opened.
import { add, api, ask, count, fill, h, share, table, trouble, unseen } from "./dom.js";

const SHOWN = 100;

export async function learnt() {
  const part = h("section", { "aria-labelledby": "learnt" }, h("h2", { id: "learnt" }, "What sites repeat"),
    h("p", {}, "Blocks that different stories of a site share are left out of its pages, unless they are to be kept."));
  try {
    const { sites } = await api(`/v1/monitor/sites-learnt?size=${SHOWN}`);
    const known = sites.filter((site) => site.blocks);
    add(part, known.length ? known.map(opened) : [h("p", { class: "quiet" }, "No site has been found to repeat anything so far.")]);
  } catch (error) {
    add(part, [trouble(error)]);
  }
  return part;
}

// A site's blocks are asked for when somebody wants to see them.
function opened(site) {
  const place = h("div");
  const part = h("details", {}, h("summary", {}, `${site.site}: ${count(site.blocks)} ${site.blocks === 1 ? "block" : "blocks"} of ${count(site.stories)} stories`), place);
  part.addEventListener("toggle", () => { if (part.open) blocks(site.site, place); });
  return part;
}

async function blocks(site, place) {
  try {
    const told = await api(`/v1/monitor/sites/${encodeURIComponent(site)}`);
    const rows = told.blocks.map((block) => [h("th", { scope: "row", class: "long" }, block.text ?? block.id), count(block.stories), share(block.share),
      block.kept ? "kept" : "left out", change(site, block, place)]);
    fill(place, table(`Blocks of ${site}`, ["Text", "Stories", "Share", "State", unseen("Change")], rows));
  } catch (error) {
    fill(place, trouble(error));
  }
}

function change(site, block, place) {
  const verb = block.kept ? "drop" : "keep";
  const name = block.kept ? "Leave out" : "Keep";
  return h("button", { type: "button", id: `block-${block.id}`, "aria-label": `${name} ${block.text ?? block.id}`, onclick: () => ask({
    title: block.kept ? "Leave this block out again?" : "Keep this block from now on?", verb: name, note: "wanted",
    told: h("p", {}, block.text ?? block.id),
    done: async (note) => {
      const query = note ? `?${new URLSearchParams({ note })}` : "";
      await api(`/v1/monitor/sites/${encodeURIComponent(site)}/blocks/${block.id}/${verb}${query}`, { method: "POST" });
      await blocks(site, place);
      setTimeout(() => document.getElementById(`block-${block.id}`)?.focus());  // the one that was pressed is not there any more
      return `The block is ${block.kept ? "left out" : "kept"} from now on.`;
    },
  }) }, `${name} …`);
}
