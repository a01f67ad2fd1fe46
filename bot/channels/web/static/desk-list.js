// The left column: what waits, grouped by when and ordered by urgency, then age.
import { h, icon, kbd } from "./staff-dom.js";
import { urgencyTag } from "./staff-parts.js";
import { exact, left, now, said } from "./staff-time.js";
import { has, t } from "./staff-words.js";

const RANK = { red: 0, orange: 1, yellow: 2, green: 3 };
const byUrgencyThenAge = (a, b) => RANK[a.urgency] - RANK[b.urgency]
  || String(a.created_at).localeCompare(String(b.created_at));

export function dueSpan(dueAt, urgency, kind = null) {
  if (!dueAt) return null;
  const { text, late } = left(dueAt);
  const what = kind && has(`due.${kind}`) ? `${t(`due.${kind}`)} · ` : "";
  return h("span", { class: `left u-${urgency}${late ? " late" : ""}`, "data-due": dueAt,
    title: what + exact(dueAt) }, text);
}

function needsOf(card) {
  const words = card.need_words?.length ? card.need_words : (card.needs ?? []).map((n) => t(`needs.${n}`, {}, n));
  return words.length ? words : [t("needs.none")];
}

/** What is due of a card, in words; before its time an unseen answer is only waited for. */
function dueMark(card) {
  if (!card.due_kind || card.due_kind === "claim" || (card.due_kind === "unheard" && card.voice_unheard)) return null;
  const early = card.due_kind === "unseen" && Date.parse(card.due_at) > now();
  return h("span", { class: early ? "mark soft" : "mark" }, t(`due.${early ? "unseen_yet" : card.due_kind}`, {}, ""));
}

/** One case in a list. The title is the link; it covers the card, and 我来 lies above it. */
export function cardOf(card, { view, id, fresh }) {
  const danger = (card.danger ?? []).map((d) => t(`dangers.${d}`, {}, d));
  const where = t(`channel.${card.channel}`, {}, card.channel);
  const free = !card.assignee && card.status !== "closed";
  const facts = [...(danger.length ? danger : needsOf(card).slice(0, 2)), card.who === "relay" ? t("who.relay") : null].filter(Boolean);
  const marks = [
    card.blocked ? h("span", { class: "mark bad" }, icon("phone"), t("list.blocked")) : null,
    card.unread ? h("span", { class: "mark new" }, t("list.unread", { n: card.unread })) : null,
    card.voice_unheard ? h("span", { class: "mark" }, icon("voice"), t("list.voice")) : null,
    card.closing_by ? h("span", { class: "mark" }, t("list.closing", { name: card.closing_by })) : null,
    dueMark(card),
  ].filter(Boolean);
  const on = String(card.id) === String(id);
  return h("li", { class: `card u-${card.urgency}${on ? " on" : ""}${fresh ? " fresh" : ""}`, "data-key": `card-${card.id}`,
    "data-case": card.id },
  h("a", { class: "t", href: `#${view}/${card.id}`, "data-act": "open", "data-id": card.id,
    "aria-current": on ? "true" : null },
  h("span", { class: "num" }, `#${card.number}`), " ", (card.title ?? "").replace(/^#\d+\s*/, "")),
  dueSpan(card.due_at, card.urgency, card.due_kind),
  h("p", { class: "x" }, card.redacted ? t("list.redacted") : card.line),
  marks.length ? h("p", { class: "marks" }, marks) : null,
  h("div", { class: "f" }, urgencyTag(card.urgency, true), h("span", { class: "facts" }, facts.join(" · ")), h("span", { class: "chan" }, where),
    free ? h("button", { class: card.urgency === "red" ? "p" : "q", "data-key": "claim", "data-act": "claim", "data-id": card.id,
      "aria-label": `${t("list.claim")} #${card.number}` }, t("list.claim"), on ? kbd("C") : null)
      : h("span", { class: `who${card.mine ? " mine" : ""}` },
        card.status === "closed" ? t("status.closed") : card.assignee?.name ?? "")));
}

function taskOf(task, phone) {
  const call = task.kind === "call";
  return h("li", { class: `card task u-${task.urgency ?? "yellow"}`, "data-key": `task-${task.id}`, "data-case": task.case_id },
    h("a", { class: "t", href: `#due/${task.case_id}`, "data-act": "open", "data-id": task.case_id },
      h("span", { class: "num" }, `#${task.number}`), " ", (task.title ?? "").replace(/^#\d+\s*/, "")),
    dueSpan(task.due_at, task.urgency ?? "yellow"),
    h("p", { class: "x" }, task.text),
    h("div", { class: "f" }, h("span", { class: `tag u-${task.urgency ?? "yellow"}` }, t(`tasks.${task.kind}`, {}, task.kind))),
    call ? phoneLine(task, phone) : null,
    h("div", { class: "f acts" }, taskButtons(task)));
}

export function phoneLine(task, phone) {
  if (phone === null) return h("p", { class: "phone" }, t("tasks.no_number"));
  if (phone) return h("p", { class: "phone" }, h("a", { class: "tel", href: `tel:${phone}` }, icon("phone"), phone));
  return h("p", { class: "phone" }, h("button", { class: "p", "data-act": "task-phone", "data-id": task.id, "data-case": task.case_id },
    icon("phone"), t("tasks.show_number")), h("small", {}, t("side.reveal")));
}

/** What ends a task: for a call 打通了 or 没打通; for a voice note it is heard by playing it. */
export function taskButtons(task) {
  const done = (key, reached, cls) => h("button", { class: cls, "data-act": "task-done", "data-id": task.id,
    "data-reached": reached, "data-kind": task.kind }, t(`tasks.${key}`));
  if (task.kind === "call") return [done("reached", "1", "q good"), done("not_reached", "0", "q")];
  if (task.kind === "visit") return [done("met", "1", "q good"), done("not_met", "0", "q")];
  if (task.kind === "untouched") return [h("button", { class: "q", "data-act": "open", "data-id": task.case_id }, t("tasks.open"))];
  return [h("button", { class: "q", "data-act": "open", "data-id": task.case_id }, t("tasks.open")),
    done(task.kind === "listen" ? "listened" : "handled", "1", "q good")];
}

/** Tasks by their time, the soonest first; what is not due yet stands below. */
function dueGroups(tasks, phones) {
  const at = (task) => (task.due_at ? Date.parse(task.due_at) : 0);
  const sorted = tasks.slice().sort((a, b) => at(a) - at(b));
  const groups = { now: sorted.filter((task) => at(task) <= now()), later: sorted.filter((task) => at(task) > now()) };
  return Object.entries(groups).filter(([, found]) => found.length).map(([key, found]) =>
    h("section", { "data-key": `due-${key}`, class: `group-${key}`, "aria-labelledby": `d-${key}` },
      h("h2", { id: `d-${key}` }, t(`list.due_groups.${key}`), h("span", {}, String(found.length))),
      h("ul", {}, found.map((task) => taskOf(task, phones.get(String(task.case_id)))))));
}

function parkedOf(item, id) {
  const on = item.case_id && String(item.case_id) === String(id);
  return h("li", { class: on ? "card parked u-orange on" : "card parked u-orange", "data-key": `parked-${item.id}`, "data-case": item.case_id },
    item.case_id ? h("a", { class: "t", href: `#parked/${item.case_id}`, "data-act": "open", "data-id": item.case_id, "aria-current": on ? "true" : null },
      h("span", { class: "num" }, `#${item.number}`), " ", t("parked.open")) : null,
    h("p", { class: "quote" }, item.text),
    h("div", { class: "f" }, h("span", { class: "facts", title: exact(item.at) }, t("parked.at", { at: said(item.at, true) })),
      h("button", { class: "q", "data-act": "taken", "data-id": item.id }, t("parked.taken"))));
}

function message(key, words, kind = "empty", more = null) {
  return [h("div", { class: `state ${kind}`, "data-key": key }, kind === "empty" ? icon("cup") : null, h("p", {}, words), more)];
}

const again = () => h("button", { class: "q", "data-act": "again" }, t("list.again"));
const loading = () => [h("div", { class: "state", "data-key": "loading", "aria-busy": "true" },
  h("i", { class: "bone" }), h("i", { class: "bone" }), h("i", { class: "bone" }), h("p", {}, t("loading")))];

/** The children of the list for what is shown now. */
export function listOf(state, phones) {
  const options = (card) => ({ view: state.view, id: state.id, fresh: state.fresh.has(String(card.id)) });
  const shown = state.find ? state.found : state[state.view];
  if (!shown) return loading();
  if (shown.failed) return message("failed", shown.failed, "failed", again());
  if (state.find) {
    if (!shown.cards.length) return message("none", t("list.empty.search", { q: state.find }));
    return [h("ul", { "data-key": "found" }, shown.cards.map((c) => cardOf(c, options(c))))];
  }
  if (state.view === "due") {
    if (!shown.tasks.length) return message("none", t("list.empty.due"));
    return dueGroups(shown.tasks, phones);
  }
  if (state.view === "parked") {
    if (!shown.items.length) return message("none", t("list.empty.parked"));
    return [h("p", { class: "lead", "data-key": "lead" }, t("parked.lead")),
      h("ul", { "data-key": "parked" }, shown.items.map((item) => parkedOf(item, state.id)))];
  }
  if (state.view === "mine") {
    if (!shown.cards.length) return message("none", t("list.empty.mine"));
    return [h("ul", { "data-key": "mine" }, shown.cards.slice().sort(byUrgencyThenAge).map((c) => cardOf(c, options(c))))];
  }
  const groups = shown.groups.filter((g) => g.cards.length);
  if (!groups.length) return message("none", t("list.empty.queue"));
  const total = groups.reduce((n, g) => n + g.cards.length, 0);
  return [
    shown.too_many ? h("p", { class: "lead", "data-key": "many" }, t("list.too_many", { n: total })) : null,
    ...groups.map((g) => h("section", { "data-key": `group-${g.key}`, class: `group-${g.key}`, "aria-labelledby": `g-${g.key}` },
      h("h2", { id: `g-${g.key}` }, t(`list.groups.${g.key}`), h("span", {}, String(g.cards.length))),
      h("ul", {}, g.cards.slice().sort(byUrgencyThenAge).map((c) => cardOf(c, options(c)))))),
  ];
}

