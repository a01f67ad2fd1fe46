// What both staff pages use: short notices, dialogs, and the list of colleagues.
import { h, morph } from "./staff-dom.js";
import { ask } from "./staff-dialog.js";
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

/** What is wrong with the house's bots, one line each; nothing when all is well. */
export function drawTroubles(lines) {
  const at = document.getElementById("troubles");
  morph(at, lines.map((line) => h("p", {}, line)));
  at.hidden = !lines.length;
}

/** Words for another program; where the browser does not allow it, the old way. */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const field = h("textarea", { class: "unseen", readonly: true });
    field.value = text;
    document.body.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
  }
  toast(t("write.copied"));
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
    /** Another window of the same person has changed something: fn(key, before, after). */
    watch(fn) {
      const value = (text) => { try { return JSON.parse(text); } catch { return null; } };
      window.addEventListener("storage", (event) => {
        if (event.key?.startsWith(prefix)) fn(event.key.slice(prefix.length), value(event.oldValue), value(event.newValue));
      });
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
