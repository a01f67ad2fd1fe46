// The keyboard: one letter a deed, silent while somebody types, and all of them on one card (?).
import { h } from "./staff-dom.js";
import { topKey } from "./staff-alarm-rows.js";
import { ask } from "./staff-dialog.js";
import { sendKeys } from "./staff-parts.js";
import { t } from "./staff-words.js";

const typing = (el) => el && (el.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(el.tagName));

const CARD = [
  ["J ↓", "next"], ["K ↑", "prev"], ["↵", "open"], ["C", "claim"], ["W", "reply"], ["N", "note"], ["T", "hand_over"],
  ["E", "close"], ["R", "reopen"], ["U", "urgency"], ["/", "find"], ["1–4", "view"], [sendKeys, "send"], [topKey, "top"], ["Esc", "leave"], ["?", "help"],
];

export function showKeys() {
  ask({ title: t("dialog.keys_title"), body: () => h("dl", { class: "keys" },
    CARD.map(([key, word]) => [h("dt", {}, (key === topKey ? [key] : key.split(" ")).map((k) => h("kbd", {}, k))), h("dd", {}, t(`hotkeys.${word}`))])) });
}

/** Move the focus over the cards of the list; Enter is the browser's own. */
function move(step) {
  const links = [...document.querySelectorAll("#list a.t")];
  if (!links.length) return;
  let at = links.indexOf(document.activeElement?.closest?.(".card")?.querySelector("a.t"));
  if (at < 0) at = links.findIndex((a) => a.closest(".card").classList.contains("on"));
  const next = at < 0 ? (step > 0 ? 0 : links.length - 1) : Math.min(links.length - 1, Math.max(0, at + step));
  links[next].focus();
  links[next].closest(".card").scrollIntoView({ block: "nearest" });
}

/** With a Chinese input method open, `key` may be "Process" or full-width: then the place of the key counts. */
function keyOf(event) {
  if (/^[\x20-\x7e]$/.test(event.key) || event.key.startsWith("Arrow")) return event.key.toLowerCase();
  if (event.code === "Slash") return event.shiftKey ? "?" : "/";
  return event.code?.startsWith("Key") ? event.code.slice(3).toLowerCase() : "";
}

export function startKeys(acts) {
  const deeds = {
    j: () => move(1), k: () => move(-1), arrowdown: () => move(1), arrowup: () => move(-1),
    "?": showKeys, ...acts,
  };
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const at = document.activeElement;
    if (typing(at) || document.querySelector("dialog[open]")) return;
    if (event.key.startsWith("Arrow") && at?.closest?.("#talk, #side")) return; // there arrows scroll
    const deed = deeds[keyOf(event)];
    if (!deed) return;
    event.preventDefault();
    deed();
  });
}
