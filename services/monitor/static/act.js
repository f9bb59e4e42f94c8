// What is done to dead letters.
import { api, ask, count, h, say } from "./dom.js";

export const letters = (number) => `${count(number)} dead ${number === 1 ? "letter" : "letters"}`;

// A button that asks. A dry run comes first, and says how many it would be; `done` is given what was done, in words.
export function act(verb, choice, name, { title, verb: button, note }, done) {
  return h("button", { type: "button", onclick: async () => {
    try {
      const { matched } = await api(`/v1/dead-letters/${verb}`, { method: "POST", body: { ...choice, dry_run: true } });
      ask({
        title, verb: button, note,
        told: h("p", {}, matched ? `${letters(matched)} ${matched === 1 ? "is" : "are"} meant (${name}).`
          : `It is no dead letter any more (${name}): it was sent again or let go meanwhile.`),
        done: async (reason) => {
          const told = await api(`/v1/dead-letters/${verb}`, { method: "POST", body: { ...choice, ...(reason ? { note: reason } : {}) } });
          return done(`${count(told.done)} of ${count(told.matched)} ${verb === "redrive" ? "sent again" : "let go"}.`, told);
        },
      });
    } catch (error) {
      say(error.message);
    }
  } }, `${button} …`);
}
