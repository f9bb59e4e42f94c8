// Suggestions below the box: arrows choose, Enter takes, Escape closes, and who does not want them types on.

export function complete(box, list) {
  let chosen = -1, unwanted = false;
  box.setAttribute("role", "combobox");
  box.setAttribute("aria-autocomplete", "list");
  box.setAttribute("aria-controls", list.id);

  const options = () => [...list.querySelectorAll('[role="option"]')];

  function show(open) {
    list.hidden = !open;
    box.setAttribute("aria-expanded", String(open));
    choose(-1);
  }

  function leave() {
    unwanted = true;
    show(false);
  }

  function choose(at) {
    chosen = at;
    options().forEach((option, place) => option.setAttribute("aria-selected", String(place === at)));
    if (at < 0) box.removeAttribute("aria-activedescendant");
    else box.setAttribute("aria-activedescendant", options()[at].id);
  }

  function take(option) {
    box.value = option.dataset.ask;
    leave();
    box.form.requestSubmit();
  }

  box.addEventListener("keydown", (event) => {
    const all = options();
    if (event.isComposing) return;
    if ((event.key === "ArrowDown" || event.key === "ArrowUp") && all.length) {
      event.preventDefault();
      if (list.hidden) show(true);
      const step = event.key === "ArrowDown" ? 1 : -1;
      choose(((chosen + 1 + step + all.length + 1) % (all.length + 1)) - 1);
    } else if (event.key === "Enter" && chosen >= 0) {
      event.preventDefault();
      take(all[chosen]);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      leave();
    } else if (event.key === "Enter") leave();
  });
  list.addEventListener("mousedown", (event) => event.preventDefault());  // the box keeps the focus
  list.addEventListener("click", (event) => {
    const option = event.target.closest('[role="option"]');
    if (option) take(option);
  });
  box.addEventListener("input", () => { unwanted = false; });
  box.addEventListener("blur", leave);
  box.form.addEventListener("submit", leave);
  // Suggestions that come late disturb nobody who has chosen one, or has closed the list.
  list.addEventListener("htmx:beforeSwap", ({ detail }) => { if (unwanted || chosen >= 0) detail.shouldSwap = false; });
  list.addEventListener("htmx:afterSwap", () => show(options().length > 0 && document.activeElement === box));
  show(false);
}
