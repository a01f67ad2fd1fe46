// What both staff pages use: short notices, dialogs, and the list of colleagues.
import { h, morph } from "./staff-dom.js";
import { call } from "./staff-net.js";
import { t } from "./staff-words.js";

let toastTimer = null;

/** One line at the bottom that goes by itself; bad = said at once by a screen reader, stays longer. */
export function toast(text, bad = false) {
  const at = document.getElementById("toast");
  at.className = bad ? "toast bad" : "toast";
  at.setAttribute("role", bad ? "alert" : "status");
  at.replaceChildren(h("span", {}, text));
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => at.replaceChildren(), bad ? 8000 : 4000);
}

/** For who cannot see the list: a sentence read aloud once. */
export function announce(text, urgent = false) {
  const at = document.getElementById(urgent ? "say-now" : "say");
  at.textContent = "";
  setTimeout(() => { at.textContent = text; }, 50);
}

/**
 * A native dialog. `body(close)` gives its children; onSubmit(form data, close) runs on the main button.
 * Focus goes back to where it came from.
 */
export function ask({ title, lead, body = () => [], submit, danger = false, onSubmit, wide = false }) {
  const from = document.activeElement;
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
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!onSubmit) return close();
    const button = form.querySelector("[type=submit]");
    button.disabled = true;
    error.hidden = true;
    try {
      const say = await onSubmit(new FormData(form));
      if (typeof say === "string") fail(say); else close();
    } catch (refusal) {
      fail(refusal.say ?? t("errors.unknown"));
    } finally {
      button.disabled = false;
    }
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog || event.target.closest("[data-close]")) close();
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (from?.isConnected) from.focus({ preventScroll: true });
  });
  document.body.append(dialog);
  dialog.showModal();
  return { close, form, fail };
}

/** Colleagues: those on duty first, advisors before supervisors, then who has the least in hand. */
export async function colleagues() {
  const staff = await call("/desk/api/staff");
  return staff.slice().sort((a, b) => Number(b.on_duty) - Number(a.on_duty)
    || Number(a.role === "supervisor") - Number(b.role === "supervisor")
    || a.open_cases - b.open_cases || a.name.localeCompare(b.name, "zh"));
}

/** Pick one colleague with one tap; onPick may throw a Refusal, which is shown in the dialog. */
export async function pickStaff({ title, except = null, onPick }) {
  let staff = [];
  let failed = null;
  try {
    staff = (await colleagues()).filter((s) => s.id !== except);
  } catch (refusal) {
    failed = refusal.say;
  }
  const list = h("ul", { class: "people" });
  const search = h("input", {
    type: "search", class: "field", "aria-label": t("dialog.staff_find"), placeholder: t("dialog.staff_find"),
    autocomplete: "off",
  });
  const draw = () => {
    const q = search.value.trim().toLowerCase();
    const found = staff.filter((s) => !q || `${s.name} ${s.unit}`.toLowerCase().includes(q));
    morph(list, found.length ? found.map((s) => h("li", { "data-key": s.id },
      h("button", { type: "button", class: "person", "data-id": s.id },
        h("b", {}, s.name), h("span", {}, s.unit ?? ""),
        h("span", { class: s.on_duty ? "on" : "off" }, t(s.on_duty ? "dialog.staff_on" : "dialog.staff_off")),
        h("span", { class: "n" }, t("dialog.staff_open", { n: s.open_cases })))))
      : [h("li", { class: "none" }, t("dialog.staff_none"))]);
  };
  search.addEventListener("input", draw);
  draw();
  const shown = ask({ title, body: () => [staff.length > 6 ? search : null, list] });
  if (failed) shown.fail(failed);
  list.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-id]");
    if (!button) return;
    button.disabled = true;
    try {
      await onPick(staff.find((s) => String(s.id) === button.dataset.id));
      shown.close();
    } catch (refusal) {
      shown.fail(refusal.say ?? t("errors.unknown"));
      button.disabled = false;
    }
  });
  (staff.length > 6 ? search : list.querySelector("button"))?.focus();
}

/** The urgency as a word on its colour; the word is never left out. */
export function urgencyTag(urgency, long = false) {
  return h("span", { class: `tag u-${urgency}` }, t(`${long ? "urgency_long" : "urgency"}.${urgency}`));
}

export const isMac = /Mac|iPhone|iPad/.test(navigator.platform || navigator.userAgent);
export const sendKeys = isMac ? "⌘↵" : "Ctrl ↵";

/** What this browser keeps for this person: drafts, unsent words, bells that were answered. */
export function keep(staffId) {
  const prefix = `nx:${staffId}:`;
  return {
    get(key, or = null) {
      try { return JSON.parse(localStorage.getItem(prefix + key)) ?? or; } catch { return or; }
    },
    set(key, value) {
      try {
        if (value === null || value === "") localStorage.removeItem(prefix + key);
        else localStorage.setItem(prefix + key, JSON.stringify(value));
      } catch { /* a full or forbidden store must not stop the work */ }
    },
    forget() {
      for (const key of Object.keys(localStorage)) if (key.startsWith("nx:")) localStorage.removeItem(key);
    },
  };
}

/** Leave: the drafts leave this computer too, which may be shared. */
export async function logout(store) {
  await call("/desk/api/logout", {}).catch(() => {});
  store?.forget();
  location.assign("/desk/login");
}
