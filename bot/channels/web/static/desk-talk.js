// The middle: who it is and what may be done, and everything that was said, in order.
import { h, icon, kbd } from "./staff-dom.js";
import { urgencyTag } from "./staff-parts.js";
import { clock, dayOf, dayWord, exact, now } from "./staff-time.js";
import { t } from "./staff-words.js";
import { mediaOf, placeOf } from "./desk-files.js";
import { correctable } from "./desk-correct.js";

const can = (detail, act) => detail.allowed.includes(act);

function button(act, key, words, cls = "q") {
  return h("button", { class: cls, "data-key": act, "data-act": act, "aria-keyshortcuts": key }, words, key ? kbd(key) : null);
}

export function headOf(state) {
  const back = h("button", { class: "q back", "data-act": "to-list", "aria-label": t("talk.to_list") }, icon("back"), h("span", {}, t("back")));
  if (!state.case) return [back];
  const { card } = state.case;
  const needs = card.need_words?.length ? card.need_words : (card.needs ?? []).map((n) => t(`needs.${n}`, {}, n));
  const dangers = (card.danger ?? []).map((d) => t(`dangers.${d}`, {}, d));
  const facts = [...dangers, ...needs.filter((need) => !dangers.length || need !== t("needs.none")), t(`who.${card.who}`, {}, "")];
  const whose = card.status === "closed" ? t("talk.closed_now") : card.mine ? t("talk.yours")
    : card.assignee ? t("talk.whose", { name: card.assignee.name }) : t("talk.free");
  const agree = card.closing_by && can(state.case, "close");
  return [
    back,
    h("div", { class: "title", "data-key": "title" },
      h("h1", { id: "case-title", tabindex: "-1" }, h("span", { class: "num" }, `#${card.number}`), " ", (card.title ?? "").replace(/^#\d+\s*/, "")),
      h("p", {}, urgencyTag(card.urgency, true),
        h("span", {}, facts.filter(Boolean).join(" · ")),
        h("span", { class: "chan" }, t(`channel.${card.channel}`, {}, card.channel)),
        h("span", { class: card.mine ? "whose mine" : "whose" }, whose))),
    h("div", { class: "acts", "data-key": "acts" },
      can(state.case, "claim") ? button("claim", "C", t("talk.claim"), "p") : null,
      can(state.case, "hand_over") ? button("hand-over", "T", t("talk.hand_over")) : null,
      can(state.case, "assign") && !can(state.case, "hand_over") ? button("assign", "T", t(card.assignee ? "board.assign" : "talk.assign")) : null,
      can(state.case, "release") ? button("release", null, t("talk.release")) : null,
      can(state.case, "close") ? button("close", "E", t(agree ? "talk.confirm_close" : "talk.close"), agree ? "p" : "q") : null,
      can(state.case, "reopen") ? button("reopen", "R", t(card.status === "closed" ? "talk.reopen" : "talk.refuse"), card.status === "closed" ? "p" : "q") : null,
      h("button", { class: "q to-side", "data-key": "to-side", "data-act": "to-side", "aria-pressed": String(state.pane === "side") },
        t(state.pane === "side" ? "talk.to_talk" : "talk.side"))),
  ];
}

export function stripOf(state) {
  if (!state.case) return [];
  const { card, live, people } = state.case;
  const lines = [];
  const called = Object.values(people).some((person) => person?.has_phone);
  if (card.blocked) lines.push(h("p", { class: "strip bad", "data-key": "blocked" }, icon("phone"), t(called ? "talk.blocked" : "talk.blocked_visit")));
  if (state.case.held) lines.push(h("p", { class: "strip bad", "data-key": "held" }, t("talk.held")));
  if (card.closing_by) {
    const mine = card.closing_by === state.me.name;
    lines.push(h("p", { class: "strip warn", "data-key": "closing" },
      mine ? t("talk.closing_mine") : t("talk.closing", { name: card.closing_by })));
  }
  if (live) lines.push(h("p", { class: "strip live", "data-key": "live" }, h("i", {}), t("talk.live")));
  return lines;
}

/** Notes have no number in the talk: their time and writer tell them apart. */
const keyOf = (entry) => `e-${entry.seq ?? entry.at}-${entry.kind}-${entry.from}-${entry.seq === null ? entry.name : ""}`;

/** Whose words stand here, where that is not plain: a note of ours, a correction, somebody else's words. */
function labelOf(entry, side) {
  if (entry.from === "note") return t("talk.note");
  if (entry.kind === "edited") return t(side === "them" ? "talk.changed" : "talk.correction");
  return entry.forwarded ? t("talk.forwarded") : null;
}

/** What became of an answer, with the reason where it is not simply on its way. */
function markOf(entry) {
  if (!entry.mark) return null;
  const mark = t(`talk.marks.${entry.mark}`, {}, "");
  return entry.why ? t("talk.mark_why", { mark, why: entry.why }) : mark;
}

function bubble(entry, late, later, mine) {
  const side = { resident: "them", bot: "us bot", advisor: "us", note: "note" }[entry.from] ?? "them";
  const theirs = side === "them";
  const facts = [];
  if (entry.from === "bot") facts.push(t("talk.bot"));
  if (["advisor", "note"].includes(entry.from) && entry.name) facts.push(entry.name);
  facts.push(clock(entry.at));
  if (later) facts.push(t(theirs ? "talk.changed_later" : "talk.corrected_later"));
  const label = labelOf(entry, side);
  const edited = entry.original !== null && entry.original !== undefined;
  const apart = entry.kind === "edited"; // a line of its own, below the words that it corrects
  if (edited && theirs && !apart) facts.push(t("talk.edited", { at: "" }).trim());
  const mark = markOf(entry);
  const more = `${entry.tone === "danger" ? " danger" : ""}${late ? " not-seen" : ""}${entry.mark === "failed" ? " not-sent" : ""}`;
  return h("li", { class: `m ${side}${more}`, "data-key": keyOf(entry), "data-seq": entry.seq },
    label ? h("b", { class: "inner" }, label) : null,
    entry.place ? placeOf(entry.place) : entry.text ? h("p", { class: "said" }, entry.text,
      edited && !apart ? [" ", h("s", { title: t("talk.removed") }, entry.original)] : null) : null,
    edited && apart ? h("p", { class: "was" }, ...around("talk.original", h("s", {}, entry.original))) : null,
    entry.media ? mediaOf(entry.media, theirs) : null,
    entry.choices?.length ? h("p", { class: "choices" }, entry.choices.map((c) => h("span", {}, c.label ?? c))) : null,
    h("small", { title: exact(entry.at) }, facts.join(" · "), mark ? [" · ", h("span", { class: "fate" }, mark)] : null,
      mine ? h("button", { class: "link", "data-act": "correct", "data-seq": entry.seq, "aria-label": t("talk.correct_which", { text: entry.text.slice(0, 20) }) },
        t("talk.correct")) : null));
}

/** A sentence whose {text} is an element. */
const around = (key, element) => {
  const [before, after] = t(key, { text: "\u0000" }).split("\u0000");
  return [before, element, after ?? ""];
};

function waiting(entry) {
  const failed = entry.state === "failed";
  return h("li", { class: `m us pending${entry.kind === "note" ? " note" : ""}${failed ? " failed" : ""}`, "data-key": `p-${entry.id}` },
    entry.kind === "note" ? h("b", { class: "inner" }, t("talk.note")) : null,
    h("p", { class: "said" }, entry.text),
    h("small", { role: failed ? "alert" : null }, failed ? `${t("talk.failed")}${entry.say ?? ""}`
      : t(entry.state === "waiting" ? (entry.login ? "talk.waiting_login" : "talk.waiting") : "talk.sending")),
    failed ? h("span", { class: "row" },
      h("button", { class: "p", "data-act": "resend", "data-id": entry.id }, t("talk.retry")),
      h("button", { class: "q", "data-act": "take-back", "data-id": entry.id }, t("talk.edit_again"))) : null);
}

/** The conversation: a line for each new day, bubbles, events between them, and what is still on its way. */
export function entriesOf(state, pending) {
  if (state.caseError) {
    const gone = state.caseError.status === 404 || state.caseError.status === 403;
    return [h("li", { class: "state failed", "data-key": "error" },
      h("p", {}, gone ? state.caseError.say || t("talk.gone") : `${t("talk.failed_load")} ${state.caseError.say}`),
      gone ? null : h("button", { class: "q", "data-act": "again" }, t("list.again")))];
  }
  if (!state.case) return [h("li", { class: "state", "data-key": "loading", "aria-busy": "true" }, h("p", {}, t("loading")))];
  const lines = [];
  const mine = correctable(state.case);
  const later = new Set(state.case.entries.filter((entry) => entry.kind === "edited").map((entry) => entry.ref));
  let day = null;
  const { due_kind: kind, due_at: due } = state.case.card;
  const unread = (kind === "unseen" && Date.parse(due) <= now()) || state.case.tasks.some((task) => task.kind === "call");
  for (const entry of state.case.entries) {
    if (entry.from !== "event" && ["message", "edited"].includes(entry.kind) ? !(entry.text || entry.media) : !entry.text) continue;
    if (dayOf(entry.at) !== day) {
      day = dayOf(entry.at);
      lines.push(h("li", { class: "ev day", "data-key": `d-${day}` }, `${dayWord(entry.at)} · ${t(`channel.${state.case.card.channel}`, {}, "")}`));
    }
    if (entry.from === "event" || !["message", "edited", "note"].includes(entry.kind)) {
      lines.push(h("li", { class: "ev", "data-key": keyOf(entry), title: exact(entry.at) }, `${clock(entry.at)} ${entry.text}`));
    } else {
      lines.push(bubble(entry, unread && ["unseen", "sent"].includes(entry.mark), later.has(entry.seq), mine.has(entry.seq)));
    }
  }
  lines.push(...pending.map(waiting));
  if (!lines.length) lines.push(h("li", { class: "ev", "data-key": "none" }, t("talk.empty")));
  return lines;
}
