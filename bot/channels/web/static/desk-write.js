// The field: a draft for every case and mode. What was typed is never lost, and a reply never becomes a note by itself.
import { copyText, sendKeys, toast } from "./staff-parts.js";
import { t } from "./staff-words.js";
import { changed, state } from "./desk-store.js";
import { put, startOutbox, take } from "./desk-outbox.js";
import { startPhotos } from "./desk-photo.js";

export const MOST = 4000;
const field = document.getElementById("write");
const form = document.getElementById("composer");
const sendButton = document.getElementById("send");
let store = null;
let shown = null; // which draft stands in the field: `draft:${case}:${mode}`
let mode = "reply"; // the mode of what is shown; state.mode is the one that was chosen

const draftKey = (id, which) => `draft:${id}:${which}`;

export function allowedModes() {
  const allowed = state.case?.allowed ?? [];
  return ["reply", "note"].filter((which) => allowed.includes(which));
}

/** A reply is typed, or being typed, and may not be sent any more: the case went to somebody else, or is closed. */
function stranded() {
  if (!state.case || allowedModes().includes("reply")) return false;
  const key = draftKey(state.id, "reply");
  return Boolean(store.get(key, "").trim()) || (shown === key && document.activeElement === field);
}

function modeNow() {
  const modes = allowedModes();
  if (modes.includes(state.mode) || (state.mode === "reply" && stranded())) return state.mode;
  return modes[0] ?? state.mode;
}

/** Why no reply can be sent now; empty when it can. */
function whyNot() {
  const { card } = state.case;
  if (allowedModes().includes("reply")) return "";
  if (card.status === "closed") return t("write.closed");
  return card.assignee && !card.mine ? t("write.not_yours", { name: card.assignee.name }) : t("write.claim_first");
}

function notSent() {
  const { card } = state.case;
  if (card.status === "closed") return t("write.lost_closed");
  return card.assignee ? t("write.lost", { name: card.assignee.name }) : t("write.lost_free");
}

/** Bring the field to the open case without touching what is being typed there. */
export function showField() {
  const modes = allowedModes();
  const lost = stranded();
  form.hidden = !state.id || Boolean(state.caseError) || (Boolean(state.case) && !modes.length && !lost);
  if (!state.case) return;
  mode = modeNow();
  for (const tab of form.querySelectorAll("[data-mode]")) {
    tab.setAttribute("aria-pressed", String(tab.dataset.mode === mode));
    tab.hidden = !modes.includes(tab.dataset.mode) && !(lost && tab.dataset.mode === "reply");
  }
  form.classList.toggle("noting", mode === "note");
  document.getElementById("photo-pick").hidden = mode !== "reply" || !modes.includes("reply");
  const { people } = state.case;
  const named = people?.helped?.name || people?.asker?.name;
  const name = named && named !== t("card.nameless") ? named : t("role.resident");
  field.placeholder = mode === "note" ? t("write.note_hint") : t("write.reply_hint", { name });
  field.setAttribute("aria-label", t(`write.${mode}`));
  sendButton.querySelector("span").textContent = t(mode === "note" ? "write.save_note" : "write.send");
  sendButton.querySelector("kbd").textContent = sendKeys;
  const stuck = lost && mode === "reply";
  sendButton.disabled = stuck;
  const bar = document.getElementById("lost");
  bar.hidden = !stuck;
  if (stuck) {
    bar.querySelector("b").textContent = notSent();
    bar.querySelector('[data-act="to-note"]').hidden = !modes.includes("note");
  }
  document.getElementById("write-why").textContent = stuck ? ""
    : whyNot() || (state.case.answers_to === "relayer" ? t("write.relay_note") : "");
  const key = draftKey(state.id, mode);
  if (key !== shown) {
    shown = key;
    field.value = store.get(key, "");
    grow();
  }
}

function grow() {
  field.rows = Math.min(8, Math.max(2, field.value.split("\n").length, Math.ceil(field.value.length / 40)));
}

/** Choose what is written; a mode that is not open now says why. */
export function setMode(which) {
  if (!state.case) return;
  if (!allowedModes().includes(which) && !(which === "reply" && stranded())) {
    toast(whyNot() || t("errors.not_yours_now"), true);
    return;
  }
  state.mode = which;
  showField();
  field.focus();
}

function submit() {
  const text = field.value.trim();
  if (!text || !state.id || !state.case) return;
  if (!allowedModes().includes(mode)) { toast(notSent(), true); return; }
  if (text.length > MOST) { toast(t("write.too_long", { n: MOST }), true); return; }
  field.value = "";
  store.set(draftKey(state.id, mode), null);
  grow();
  put(state.id, mode, text);
  document.dispatchEvent(new Event("desk:written"));
}

/** Put words before what stands in the draft of a mode, and show it. */
function bring(text, which) {
  const key = draftKey(state.id, which);
  const there = store.get(key, "");
  store.set(key, there ? `${text}\n${there}` : text);
  state.mode = which;
  shown = null;
  showField();
  field.focus();
}

/** Back into the field to be changed; a changed text is a new message with an id of its own. */
export function takeBack(id) {
  const message = take(id);
  if (message) bring(message.text, message.kind);
}

/** A reply that can no longer be sent, chosen to be a note for the colleague. */
export function toNote() {
  const text = field.value.trim();
  store.set(draftKey(state.id, "reply"), null);
  if (text) bring(text, "note"); else setMode("note");
}

export const copyReply = () => copyText(field.value);

export function focusField() {
  if (!form.hidden) field.focus();
}

export function startWriting(kept) {
  store = kept;
  field.addEventListener("input", () => {
    if (shown) store.set(shown, field.value);
    state.mode = mode; // what is being written stays what it is, whoever gets the case meanwhile
    grow();
  });
  field.addEventListener("focus", () => { state.mode = mode; });
  field.addEventListener("blur", changed);
  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return; // an input method uses Enter for itself
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); submit(); }
    if (event.key === "Escape") field.blur();
  });
  startPhotos(field, () => mode === "reply" && allowedModes().includes("reply"));
  form.addEventListener("submit", (event) => { event.preventDefault(); submit(); });
  for (const tab of form.querySelectorAll("[data-mode]")) tab.addEventListener("click", () => setMode(tab.dataset.mode));
  store.watch((key, before, after) => { // sent or written on in another window
    if (key !== shown || field.value !== (before ?? "")) return;
    field.value = after ?? "";
    grow();
    changed();
  });
  startOutbox(store);
}
