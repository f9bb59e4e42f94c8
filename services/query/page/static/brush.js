// A range of days, brushed over the bars: dragged, or set with two handles that the arrow keys move.

const SLIDERS = [["Published from", "first"], ["Published until", "last"]];

export function brush(figure) {
  if (figure.dataset.brushed) return;
  figure.dataset.brushed = "yes";
  const plot = figure.querySelector(".plot");
  const bars = [...plot.querySelectorAll(".over")].map((bar) => bar.dataset);
  const area = plot.querySelector(".chosen");
  const told = figure.querySelector(".brushed");
  const range = [0, bars.length - 1];
  let from = 0, dragged = false;

  const handles = SLIDERS.map(([name], side) => {
    const handle = document.createElement("div");
    for (const [key, value] of Object.entries({ role: "slider", tabindex: "0", "aria-label": name, "aria-valuemin": 0, "aria-valuemax": bars.length - 1 })) {
      handle.setAttribute(key, String(value));
    }
    handle.addEventListener("keydown", (event) => key(event, side));
    plot.append(handle);
    return handle;
  });

  function show() {
    const share = 1 / bars.length;
    handles.forEach((handle, side) => {
      handle.style.left = `${100 * (range[side] + side) * share}%`;
      handle.setAttribute("aria-valuenow", String(range[side]));
      handle.setAttribute("aria-valuetext", bars[range[side]].label);
    });
    const whole = range[0] === 0 && range[1] === bars.length - 1;
    area.setAttribute("x", String(1000 * range[0] * share));
    area.setAttribute("width", String(whole ? 0 : 1000 * (range[1] - range[0] + 1) * share));
    told.hidden = whole;
    const count = bars.slice(range[0], range[1] + 1).reduce((sum, bar) => sum + Number(bar.count), 0);
    const [first, last] = range.map((at) => bars[at].label);
    told.querySelector("output").textContent = `${first === last ? first : `${first} to ${last}`}: ${count.toLocaleString("en")}`;
  }

  function set(first, last) {
    [range[0], range[1]] = [Math.max(0, Math.min(first, last)), Math.min(bars.length - 1, Math.max(first, last))];
    show();
  }

  function apply() {
    const [start, end] = [document.getElementById("from"), document.getElementById("to")];
    start.value = bars[range[0]].first;
    end.value = bars[range[1]].last;
    end.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function key(event, side) {
    const steps = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -10, PageUp: 10, Home: -bars.length, End: bars.length };
    if (event.key === "Enter" || event.key === " ") apply();
    else if (event.key === "Escape") set(0, bars.length - 1);
    else if (event.key in steps) {
      const [lowest, highest] = side ? [range[0], bars.length - 1] : [0, range[1]];
      const moved = Math.min(highest, Math.max(lowest, range[side] + steps[event.key]));
      set(...(side ? [range[0], moved] : [moved, range[1]]));
    } else return;
    event.preventDefault();
  }

  function under(event) {
    const frame = plot.getBoundingClientRect();
    const at = Math.floor(((event.clientX - frame.left) / frame.width) * bars.length);
    return Math.max(0, Math.min(bars.length - 1, at));
  }

  plot.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    const side = handles.indexOf(event.target);
    from = side < 0 ? under(event) : range[1 - side];
    dragged = false;
    const released = new AbortController();
    const held = { signal: released.signal };
    window.addEventListener("pointermove", (moved) => {
      dragged = dragged || under(moved) !== from;
      if (dragged) set(from, under(moved));
    }, held);
    window.addEventListener("pointercancel", () => released.abort(), held);
    window.addEventListener("pointerup", () => {
      released.abort();
      if (dragged && plot.isConnected) apply();
    }, held);
  });
  plot.addEventListener("dragstart", (event) => event.preventDefault());
  plot.addEventListener("click", (event) => { if (dragged) event.preventDefault(); }, true);
  told.querySelector("button").addEventListener("click", apply);
  show();
}
