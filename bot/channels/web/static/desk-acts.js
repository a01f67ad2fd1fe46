// What an advisor can do with a case. Each deed says what came of it; a refusal says who or why.
import { h } from "./staff-dom.js";
import { ask } from "./staff-dialog.js";
import { call } from "./staff-net.js";
import { announce, pickStaff, toast } from "./staff-parts.js";
import { has, t } from "./staff-words.js";
import { allCards, changed, refresh, refreshAll, state } from "./desk-store.js";
import { setMode } from "./desk-write.js";
import * as media from "./desk-media.js";
import { correct } from "./desk-correct.js";

/** Phones that were revealed, by case: kept only as long as the page is open. */
export const phones = new Map();

const at = (id, what) => `/desk/api/cases/${encodeURIComponent(id)}/${what}`;
const numberOf = (id) => allCards().find((c) => String(c.id) === String(id))?.number ?? "";
const can = (act) => Boolean(state.case?.allowed.includes(act));

function refused(refusal) {
  const by = refusal.body?.by;
  toast(refusal.body?.say || (refusal.code === "taken" && by ? t("talk.taken", { by }) : refusal.say ?? t("errors.unknown")), true);
  if (refusal.status === 409) refreshAll(); // somebody was faster: show what is true now
}

async function deed(work, say) {
  try {
    const answer = await work();
    if (say) toast(typeof say === "function" ? say(answer) : say);
    await refreshAll();
    return true;
  } catch (refusal) {
    refused(refusal);
    return false;
  }
}

const claiming = new Set();

/** Take a case; the one who was faster is named. The field is ready to write in. */
export async function claim(id) {
  if (!id || claiming.has(id)) return;
  claiming.add(id);
  const number = numberOf(id);
  const done = await deed(() => call(at(id, "claim"), {}), t("list.claimed", { number }));
  claiming.delete(id);
  if (!done) return;
  state.mode = "reply";
  state.wantField = true;
  if (String(state.id) === String(id)) changed(); else location.hash = `${state.view}/${id}`;
}

export function release() {
  if (!can("release")) return;
  const { id, case: { card } } = state;
  ask({ title: t("dialog.release_title", { number: card.number }), lead: t("dialog.release_lead"), submit: t("dialog.release_go"),
    onSubmit: async () => { await call(at(id, "release"), {}); toast(t("talk.released")); refreshAll(); } });
}

/** Hand over (one's own case) or assign (a supervisor, any case). */
export function handOver() {
  const act = can("hand_over") ? "hand_over" : can("assign") ? "assign" : null;
  if (!act) return;
  const { id, case: { card } } = state;
  pickStaff({ title: t(act !== "assign" ? "dialog.hand_title" : card.assignee ? "dialog.reassign_title" : "dialog.assign_title", { number: card.number }),
    except: card.assignee?.id,
    onPick: async (person) => {
      await call(at(id, act), { staff_id: person.id });
      toast(t(act === "assign" ? "talk.assigned" : "talk.handed", { name: person.name }));
      refreshAll();
    } });
}

export function closeCase() {
  if (!can("close")) return;
  const { id, case: { card, resolutions } } = state;
  const agree = Boolean(card.closing_by) && card.closing_by !== state.me.name;
  const red = card.urgency === "red";
  const lead = agree ? t("dialog.close_confirm", { name: card.closing_by }) : red ? t("dialog.close_red") : null;
  ask({
    title: t("dialog.close_title", { number: card.number }), lead, danger: red, draft: `close:${id}`,
    submit: t(agree ? "dialog.close_agree" : red ? "dialog.close_propose" : "dialog.close_go"),
    body: () => [
      h("fieldset", { class: "choose" }, h("legend", {}, t("dialog.close_lead")),
        resolutions.filter((r) => r.key !== "merged").map((r, n) => h("label", {}, h("input", { type: "radio", name: "resolution", value: r.key, required: true, autofocus: n === 0 }),
          h("span", {}, r.label || t(`resolution.${r.key}`))))),
      h("label", { class: "sure" }, h("input", { type: "checkbox", name: "sure" }), h("span", {}, t("dialog.deceased"))),
      h("label", { class: "wide" }, h("span", {}, t("dialog.close_note")), h("textarea", { name: "note", rows: 2, class: "field" })),
    ],
    onSubmit: async (form) => {
      const resolution = form.get("resolution");
      if (!resolution) return t("errors.resolution_missing");
      if (resolution === "deceased" && !form.get("sure")) return t("dialog.deceased_need");
      const note = form.get("note").trim();
      const answer = await call(at(id, "close"), note ? { resolution, note } : { resolution });
      toast(t(answer?.status === "closing" ? "talk.proposed" : "talk.closed"));
      refreshAll();
      return null;
    },
  });
}

export function reopen() {
  if (!can("reopen")) return;
  const { id, case: { card } } = state;
  const [title, go, done] = card.status === "closed" ? ["reopen_title", "reopen_go", "reopened"] : ["refuse_title", "refuse_go", "refused"];
  ask({ title: t(`dialog.${title}`, { number: card.number }), submit: t(`dialog.${go}`),
    onSubmit: async () => {
      await call(at(id, "reopen"), {});
      toast(t(`talk.${done}`));
      if (state.id === id) state.mode = "reply"; // the talk goes on
      refreshAll();
    } });
}

export function urgency() {
  if (!can("urgency")) return;
  const { id, case: { card } } = state;
  ask({
    title: t("dialog.urgency_title", { number: card.number }), lead: t("dialog.urgency_lead"), submit: t("save"), draft: `urgency:${id}`,
    body: () => [
      h("fieldset", { class: "choose" }, h("legend", {}, t("board.columns.urgency")),
        ["red", "orange", "yellow", "green"].map((u) => h("label", { class: `u-${u}` },
          h("input", { type: "radio", name: "to", value: u, checked: u === card.urgency }),
          h("span", {}, h("b", { class: `tag u-${u}` }, t(`urgency.${u}`)), " ", t(`urgency_means.${u}`))))),
      h("label", { class: "wide" }, h("span", {}, t("dialog.urgency_reason")), h("textarea", { name: "reason", rows: 2, class: "field" })),
    ],
    onSubmit: async (form) => {
      const reason = form.get("reason").trim();
      if (!reason) return t("dialog.urgency_need");
      await call(at(id, "urgency"), { to: form.get("to"), reason });
      toast(t("talk.lowered"));
      refreshAll();
      return null;
    },
  });
}

async function reveal(id, person) {
  const { value } = await call(at(id, "reveal"), { field: "phone", person });
  state.revealed.set(`${id}:${person}`, value);
  phones.set(String(id), value);
  changed();
}

/** The number for a telephone task: of the person who gets the answers, or of whoever has one. */
async function taskPhone(id) {
  try {
    const detail = String(state.id) === String(id) && state.case ? state.case : await call(`/desk/api/cases/${encodeURIComponent(id)}`);
    const first = detail.answers_to === "relayer" ? ["relayer", "helped", "asker"] : ["helped", "asker", "relayer"];
    const person = first.find((role) => detail.people?.[role]?.has_phone);
    if (person) await reveal(id, person);
    else phones.set(String(id), null);
    changed();
  } catch (refusal) {
    refused(refusal);
  }
}

function taskDone(task, reached, kind) {
  const say = kind === "call" ? t(reached ? "tasks.done_reached" : "tasks.done_missed") : t("tasks.done");
  const ended = { call: reached ? "reached" : "not_reached", visit: reached ? "met" : "not_met", listen: "listened" };
  ask({ title: t(`tasks.${ended[kind] ?? "handled"}`), submit: t("save"), draft: `task:${task}`,
    body: () => [h("label", { class: "wide" }, h("span", {}, t("tasks.note")), h("textarea", { name: "note", rows: 2, class: "field", autofocus: true }))],
    onSubmit: async (form) => {
      await call(`/desk/api/tasks/${task}/done`, { reached, note: form.get("note").trim() });
      toast(say);
      refresh.due();
      refreshAll();
    } });
}

/** The next step's button: one press does it, or brings the hand to where it is done. */
function next(action) {
  const steps = {
    claim: () => claim(state.id),
    reply: () => setMode("reply"),
    close: closeCase,
    confirm_close: closeCase,
    reopen,
    call: async () => { await taskPhone(state.id); document.querySelector("#side .tel")?.focus(); },
    visit: () => document.querySelector('#side [data-act="task-done"][data-kind="visit"]')?.click(),
    listen: () => {
      state.pane = "talk";
      changed();
      const unheard = [...document.querySelectorAll("#entries .voice")].find((v) => v.querySelector(".unheard")) ?? document.querySelector("#entries .voice");
      unheard?.scrollIntoView({ block: "center" });
      const button = unheard?.querySelector(".play");
      button?.focus();
      if (button) media.play(button.dataset.media, refreshAll);
    },
  };
  steps[action]?.();
}

export async function duty() {
  const on = !state.me.on_duty;
  try {
    await call("/desk/api/duty", { on });
    state.me.on_duty = on;
    toast(t(on ? "nav.duty_now_in" : "nav.duty_now_out"));
    changed();
  } catch (refusal) {
    refused(refusal);
  }
}

/** For [data-act] of the page. */
export const clicks = {
  claim: ({ id }) => claim(id ?? state.id),
  "hand-over": handOver,
  assign: handOver,
  release,
  close: closeCase,
  reopen,
  urgency,
  correct: ({ seq }) => correct(seq),
  next: (data) => next(data.next),
  reveal: ({ person }) => reveal(state.id, person).catch(refused),
  "task-phone": (data) => taskPhone(data.case),
  "task-done": ({ id, reached, kind }) => taskDone(id, reached === "1", kind),
  taken: ({ id }) => deed(() => call(`/desk/api/parked/${id}/taken`, {}), t("parked.done")).then(() => refresh.parked()),
  play: (data) => media.play(data.media, () => { refresh.case(); refresh.queue(); }),
  photo: (data) => media.photo(data.media),
  duty,
  again: refreshAll,
};

/** New cards: said aloud when they cannot wait. */
export function arrived(cards) {
  for (const card of cards) {
    if (!["red", "orange"].includes(card.urgency)) continue;
    const word = has(`urgency.${card.urgency}`) ? t(`urgency.${card.urgency}`) : "";
    announce(t("list.arrived", { urgency: word, number: card.number }), card.urgency === "red");
  }
}
