// What was sent but has not arrived: each message goes once, however often the line or the login breaks.
import { call } from "./staff-net.js";
import { ask } from "./staff-dialog.js";
import { toast } from "./staff-parts.js";
import { t } from "./staff-words.js";
import { changed, refresh, state } from "./desk-store.js";

let store = null;
let outbox = [];  // [{id, case, kind, text, state: sending|waiting|failed, say, login}]
const gone = new Set(); // ids that arrived or were taken back: another window's copy of the list may still hold them

export function pendingOf(id) {
  return outbox.filter((m) => String(m.case) === String(id));
}

/** How many answers have not arrived. */
export const unsent = () => outbox.length;

/** The bar that says how many have not arrived and leads to the first of them. */
export function drawUnsent() {
  const left = outbox.filter((m) => m.state !== "sending");
  const bar = document.getElementById("unsent");
  bar.hidden = !left.length;
  if (!left.length) return;
  bar.querySelector("span").textContent = t("net.unsent", { n: left.length });
  bar.dataset.id = left[0].case;
}

function save() {
  const mine = new Set(outbox.map((m) => m.id));
  const others = store.get("outbox", []).filter((m) => !mine.has(m.id) && !gone.has(m.id));
  store.set("outbox", [...others, ...outbox]);
  changed();
}

function drop(message) {
  outbox = outbox.filter((m) => m !== message);
  gone.add(message.id);
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
        await call(`/desk/api/cases/${message.case}/${message.kind}`, { id: message.id, text: message.text,
          ...(message.confirmed ? { confirmed: true } : {}) });
        pause = 1000;
        if (String(message.case) === String(state.id)) await refresh.case();
        drop(message);
        if (message.kind === "note") toast(t("talk.noted"));
      } catch (refusal) {
        message.login = refusal.status === 401; // no answer was refused: it waits for the login
        message.state = refusal.retryable || message.login ? "waiting" : "failed";
        message.say = refusal.say;
        if (refusal.code === "asked_quiet") askAgain(message.id);
        if (message.state === "waiting") {
          timer = setTimeout(flush, pause);
          pause = message.login ? 15000 : Math.min(pause * 2, 15000);
          break;
        }
      } finally {
        save();
      }
    }
  } finally {
    flushing = false;
  }
  if (outbox.some((m) => m.state === "sending")) flush();
}

/** They asked that nothing is written to them: it goes only when this is said once more. */
function askAgain(id) {
  ask({ title: t("dialog.quiet_title"), lead: t("dialog.quiet_lead"), submit: t("dialog.quiet_go"), danger: true,
    onSubmit: () => {
      const message = outbox.find((m) => m.id === id);
      if (message) message.confirmed = true;
      resend(id);
    } });
}

/**
 * The same inside a dialog, whose button is pressed twice then. `send(…, confirmed)`: the last are fields of the request.
 * → null, or what is to be said before the second press.
 */
export function sureOfSilence(send) {
  let confirmed = {};
  return async (...given) => {
    try {
      await send(...given, confirmed);
    } catch (refusal) {
      if (refusal.code !== "asked_quiet") throw refusal;
      confirmed = { confirmed: true };
      return t("dialog.quiet_again");
    }
    return null;
  };
}

/** What makes a message arrive once, however often it is sent. */
export const newId = () => crypto.randomUUID?.() ?? `${Date.now()}-${Math.random().toString(36).slice(2)}`;

/** A new message on its way. */
export function put(at, kind, text) {
  outbox.push({ id: newId(), case: at, kind, text, state: "sending" });
  save();
  flush();
}

export function resend(id) {
  const message = outbox.find((m) => m.id === id);
  if (!message) return;
  message.state = "sending";
  save();
  flush();
}

/** Take a message back, to be changed: {case, kind, text}, or undefined. */
export function take(id) {
  const message = outbox.find((m) => m.id === id);
  if (!message) return undefined;
  drop(message);
  save();
  return message;
}

/** Begin with what an earlier page of this person left unsent. */
export function startOutbox(kept) {
  store = kept;
  outbox = store.get("outbox", []);
  window.addEventListener("online", flush);
  flush();
}
