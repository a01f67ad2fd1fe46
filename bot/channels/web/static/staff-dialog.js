// Dialogs over the page and under the alarm: what rings stays in sight and can be pressed.
import { h } from "./staff-dom.js";
import { t } from "./staff-words.js";

// These stay alive below a dialog; a native modal would make them dead too.
const ALIVE = "#alarm, #bars, #toast, #say, #say-now, script, noscript";
const open = []; // dialogs, the newest last
let kept = { get: (_, or = null) => or, set() {} };

/** Where half-written dialogs are kept: {get(key), set(key, value)}. */
export function keepDialogs(store) {
  kept = store;
}

/** Show a <dialog>: the rest of the page is inert but for the alarm; focus returns when it closes. */
export function show(dialog) {
  const from = document.activeElement;
  const veil = h("div", { class: "veil" });
  veil.addEventListener("click", () => dialog.close());
  document.body.append(veil, dialog);
  const still = [...document.body.children].filter((el) => el !== dialog && el !== veil && !el.inert && !el.matches(ALIVE));
  for (const el of still) el.inert = true;
  open.push(dialog);
  // at once, not with the close event that comes later: the next dialog may already be opening
  dialog.close = () => {
    if (!open.includes(dialog)) return;
    open.splice(open.indexOf(dialog), 1);
    for (const el of still) el.inert = false;
    veil.remove();
    dialog.remove();
    if (from?.isConnected && !document.activeElement?.closest("#write")) from.focus({ preventScroll: true });
  };
  dialog.show();
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.isComposing || !open.length) return;
  event.preventDefault();
  open.at(-1).close();
});

/** Something more urgent comes first; what was typed is kept. */
export function closeDialogs() {
  for (const dialog of [...open]) dialog.close();
}

/**
 * A form in a dialog. `body(close)` gives its children; onSubmit(form data, close) runs on the main button.
 * `draft`: under which name typed text is kept until it is saved or given up with 算了.
 */
export function ask({ title, lead, body = () => [], submit, danger = false, onSubmit, wide = false, draft = null }) {
  const error = h("p", { class: "error", role: "alert", hidden: true });
  const close = () => dialog.close();
  const form = h("form", { method: "dialog", novalidate: true },
    h("h2", { id: "dialog-title" }, title),
    lead ? h("p", { class: "lead" }, lead) : null,
    body(close), error,
    h("div", { class: "row end" },
      h("button", { type: "button", class: "q", "data-close": true }, t(submit ? "cancel" : "close")),
      submit ? h("button", { type: "submit", class: danger ? "p danger" : "p" }, submit) : null));
  const dialog = h("dialog", { "aria-labelledby": "dialog-title", class: wide ? "wide" : "" }, form);
  const fail = (say) => { error.textContent = say; error.hidden = false; };
  const forget = () => { if (draft) kept.set(`dialog:${draft}`, null); };
  if (draft) {
    const fields = [...form.querySelectorAll("textarea")];
    const written = kept.get(`dialog:${draft}`, {});
    for (const field of fields) field.value = written[field.name] ?? field.value;
    form.addEventListener("input", () => {
      const now = Object.fromEntries(fields.filter((f) => f.value).map((f) => [f.name, f.value]));
      kept.set(`dialog:${draft}`, Object.keys(now).length ? now : null);
    });
  }
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!onSubmit) return close();
    const button = form.querySelector("[type=submit]");
    button.disabled = true;
    error.hidden = true;
    try {
      const say = await onSubmit(new FormData(form));
      if (typeof say === "string") { fail(say); return undefined; }
      forget();
      close();
    } catch (refusal) {
      fail(refusal.say ?? t("errors.unknown"));
    } finally {
      button.disabled = false;
    }
    return undefined;
  });
  form.addEventListener("click", (event) => {
    if (!event.target.closest("[data-close]")) return;
    forget();
    close();
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });
  show(dialog);
  return { close, form, fail };
}
