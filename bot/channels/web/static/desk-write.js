// The field: a draft for every case, and an outbox that sends each message once, however often the line breaks.
import { call } from "./staff-net.js";
import { sendKeys, toast } from "./staff-parts.js";
import { t } from "./staff-words.js";
import { changed, refresh, state } from "./desk-store.js";

const MOST = 4000;
const field = document.getElementById("write");
const form = document.getElementById("composer");
const sendButton = document.getElementById("send");
let store = null;
let shown = null; // which draft stands in the field: `${case}:${mode}`
let outbox = [];  // [{id, case, kind, text, state: sending|waiting|failed, say}]

const draftKey = (id, mode) => `draft:${id}:${mode}`;

export function pendingOf(id) {
  return outbox.filter((m) => String(m.case) === String(id));
}

function saveOutbox() {
  store.set("outbox", outbox.map(({ id, case: at, kind, text, state: s, say }) => ({ id, case: at, kind, text, state: s, say })));
  changed();
}

export function allowedModes() {
  const allowed = state.case?.allowed ?? [];
  return ["reply", "note"].filter((mode) => allowed.includes(mode));
}

/** Bring the field to the open case without touching what is being typed there. */
export function showField() {
  const modes = allowedModes();
  form.hidden = !state.id || Boolean(state.caseError) || (Boolean(state.case) && !modes.length);
  if (!state.case) return;
  if (modes.length && !modes.includes(state.mode)) state.mode = modes[0];
  for (const tab of form.querySelectorAll("[data-mode]")) {
    tab.setAttribute("aria-pressed", String(tab.dataset.mode === state.mode));
    tab.hidden = !modes.includes(tab.dataset.mode);
  }
  form.classList.toggle("noting", state.mode === "note");
  const { card, people } = state.case;
  const name = people?.helped?.name || people?.asker?.name || t("role.resident");
  field.placeholder = state.mode === "note" ? t("write.note_hint") : t("write.reply_hint", { name });
  field.setAttribute("aria-label", t(`write.${state.mode}`));
  const words = t(state.mode === "note" ? "write.save_note" : "write.send");
  sendButton.querySelector("span").textContent = words;
  sendButton.querySelector("kbd").textContent = sendKeys;
  const why = document.getElementById("write-why");
  why.textContent = modes.includes("reply") ? (state.case.answers_to === "relayer" ? t("write.relay_note") : "")
    : card.status === "closed" ? t("write.closed")
      : card.assignee && !card.mine ? t("write.not_yours", { name: card.assignee.name }) : t("write.claim_first");
  const key = draftKey(state.id, state.mode);
  if (key !== shown) {
    shown = key;
    field.value = store.get(key, "");
    grow();
  }
}

function grow() {
  field.rows = Math.min(8, Math.max(2, field.value.split("\n").length, Math.ceil(field.value.length / 40)));
}

export function setMode(mode) {
  if (!allowedModes().includes(mode)) return;
  state.mode = mode;
  showField();
  field.focus();
}

function submit() {
  const text = field.value.trim();
  if (!text || !state.id || !allowedModes().includes(state.mode)) return;
  if (text.length > MOST) { toast(t("write.too_long", { n: MOST }), true); return; }
  outbox.push({ id: crypto.randomUUID?.() ?? `${Date.now()}-${Math.random().toString(36).slice(2)}`,
    case: state.id, kind: state.mode, text, state: "sending" });
  field.value = "";
  store.set(draftKey(state.id, state.mode), null);
  grow();
  saveOutbox();
  document.dispatchEvent(new Event("desk:written"));
  flush();
}

let flushing = false;
let pause = 1000;
let timer = 0;

/** Send what waits, in order; a refused one stays with its reason, a broken line is tried again with the same id. */
export async function flush() {
  if (flushing) return;
  flushing = true;
  clearTimeout(timer);
  try {
    for (const message of outbox.filter((m) => m.state !== "failed")) {
      try {
        message.state = "sending";
        await call(`/desk/api/cases/${message.case}/${message.kind}`, { id: message.id, text: message.text });
        pause = 1000;
        if (String(message.case) === String(state.id)) await refresh.case();
        outbox = outbox.filter((m) => m !== message);
        if (message.kind === "note") toast(t("talk.noted"));
      } catch (refusal) {
        message.state = refusal.retryable ? "waiting" : "failed";
        message.say = refusal.say;
        if (refusal.retryable) {
          timer = setTimeout(flush, pause);
          pause = Math.min(pause * 2, 15000);
          break;
        }
      } finally {
        saveOutbox();
      }
    }
  } finally {
    flushing = false;
  }
  if (outbox.some((m) => m.state === "sending")) flush();
}

export function resend(id) {
  const message = outbox.find((m) => m.id === id);
  if (!message) return;
  message.state = "sending";
  saveOutbox();
  flush();
}

/** Back into the field to be changed; a changed text is a new message with an id of its own. */
export function takeBack(id) {
  const message = outbox.find((m) => m.id === id);
  if (!message) return;
  outbox = outbox.filter((m) => m !== message);
  saveOutbox();
  state.mode = message.kind;
  showField();
  field.value = field.value ? `${message.text}\n${field.value}` : message.text;
  store.set(shown, field.value);
  grow();
  field.focus();
}

export function focusField() {
  if (!form.hidden) field.focus();
}

export function startWriting(kept) {
  store = kept;
  outbox = store.get("outbox", []);
  field.addEventListener("input", () => {
    if (shown) store.set(shown, field.value);
    grow();
  });
  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return; // an input method uses Enter for itself
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); submit(); }
    if (event.key === "Escape") field.blur();
  });
  form.addEventListener("submit", (event) => { event.preventDefault(); submit(); });
  for (const tab of form.querySelectorAll("[data-mode]")) tab.addEventListener("click", () => setMode(tab.dataset.mode));
  window.addEventListener("online", flush);
  flush();
}
