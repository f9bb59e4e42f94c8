import { trouble } from "./dom.js";

const views = { now: "./now.js", page: "./receipt.js", letters: "./letters.js", sites: "./sites.js", audit: "./audit.js" };

const main = document.getElementById("main");
try {
  const { show } = await import(views[document.body.dataset.view]);
  await show(main);
} catch (error) {
  main.append(trouble(error));
}
