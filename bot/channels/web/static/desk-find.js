// The search above the list: asked a moment after the last key, or at once by Enter.
import { changed, refresh, state } from "./desk-store.js";

const field = document.getElementById("find");
let timer = 0;

export function closeFind() {
  clearTimeout(timer);
  state.find = "";
  state.found = null;
  field.value = "";
  changed();
}

async function find() {
  clearTimeout(timer);
  const words = field.value.trim();
  if (words === state.find && state.found) return;
  state.find = words;
  state.found = null;
  changed();
  if (words) await refresh.found();
}

export function startFind() {
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(find, 250);
  });
  field.addEventListener("keydown", async (event) => {
    if (event.key === "Escape") { closeFind(); field.blur(); }
    if (event.key === "Enter" && !event.isComposing) {
      event.preventDefault();
      await find(); // the first card of what was asked for, not of what stood there before
      if (document.activeElement === field) document.querySelector("#list a.t")?.focus();
    }
  });
}
