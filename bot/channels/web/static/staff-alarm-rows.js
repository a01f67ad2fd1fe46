// How a red row, a push, and the line below them look. What they do is staff-alarm.js.
import { h, icon, kbd } from "./staff-dom.js";
import { isMac, urgencyTag } from "./staff-parts.js";
import { left, passed } from "./staff-time.js";
import { has, t } from "./staff-words.js";

export const topKey = isMac ? "⌥1" : "Alt 1"; // works while somebody types, unlike a letter

const RANK = { red: 0, orange: 1, yellow: 2, green: 3 };
const age = (push) => (push.since ? Date.parse(push.since) : Number.MAX_SAFE_INTEGER / 2 + Number(push.seq ?? 0));

/** The most urgent first, then who has waited longest. */
const held = (push) => Number(push.key === "claimed_silent"); // somebody has it: after those nobody has
export const byUrgencyThenAge = (a, b) => (RANK[a.urgency] ?? 4) - (RANK[b.urgency] ?? 4)
  || held(a) - held(b) || age(a) - age(b);

const button = (act, id, words, cls = "q", more = {}) => h("button", {
  class: cls, "data-key": act, "data-alarm": act, "data-id": id, ...more }, words);

/** What is said about who has a red case: nobody, given to me, claimed but silent, answered unseen, or danger again. */
function state(card, ring) {
  if (ring?.given) return t("alarm.given");
  if (!card.assignee) return card.elsewhere ? "" : t("alarm.unclaimed");
  if (ring?.again) return card.mine ? t("alarm.again_mine") : t("alarm.claimed", { name: card.assignee.name });
  const what = ring?.key === "unseen" ? "unseen" : "silent";
  return card.mine ? t(`alarm.${what}_mine`) : t(`alarm.${what}`, { name: card.assignee.name });
}

export function redRow(card, ring, first) {
  const dangers = card.redacted ? [] : (card.danger ?? []).map((d) => t(`dangers.${d}`, {}, d));
  const free = !card.assignee && !card.elsewhere && !ring?.given;
  const key = first ? kbd(topKey) : null;
  return h("li", { class: "alarm-red", "data-key": `red-${card.id}` },
    icon("alarm"),
    h("span", { class: "what" },
      h("b", {}, t("alarm.red", { number: card.number, line: card.title && !card.redacted ? card.title : "" })),
      h("small", {}, [...dangers, state(card, ring)].filter(Boolean).join(" · "))),
    card.due_at ? h("b", { class: "left u-red", "data-due": card.due_at }, left(card.due_at).text) : null,
    h("span", { class: "row" },
      free ? button("claim", card.id, [t("alarm.claim"), key], "p light") : null,
      button("look", card.id, [t("alarm.look"), ring?.given ? key : null], ring?.given ? "p light" : "q"),
      ring?.seq && !ring.given ? button("ack", card.id, t("alarm.ack")) : null));
}

/** Its words with a time that goes on counting; the house's own sentence where it gave no time. */
function words({ key, number, since, text }) {
  if (!since || !key || !has(`push.${key}`)) return text || t("alarm.push", { number });
  const [before, after] = t(`push.${key}`, { number, waited: "\n" }).split("\n");
  return after === undefined ? before : [before, h("span", { "data-since": since }, passed(since)), after];
}

/** `helpers`: whose names stand in the row where nobody has the case. */
export function pushRow(push, card, helpers, supervisor) {
  const holder = push.case_id && card?.assignee && !push.assigned ? card.assignee : null;
  const give = holder ? [] : helpers;
  const second = push.key === "closing"; // a second person is asked: what stands there comes first
  return h("li", { class: "alarm-push", "data-key": `push-${push.id}` },
    push.urgency ? urgencyTag(push.urgency) : icon("alarm"),
    h("span", { class: "what" }, h("b", {}, words(push)),
      h("small", {}, holder ? (card.mine ? t("talk.yours") : t("alarm.holder", { name: holder.name })) : t("alarm.push_label"))),
    h("span", { class: "row" },
      supervisor && holder && !card.mine && !second ? button("remind", push.id, t("board.remind"), "p") : null,
      give.map((s) => button("give", push.id, t("alarm.give", { name: s.name }), "p", {
        "data-key": `give-${s.id}`, "data-staff": s.id, title: t("alarm.give_hint", { n: s.open_cases }) })),
      supervisor && push.case_id && !second ? button("other", push.id, t(holder ? "alarm.move" : give.length ? "alarm.other" : "alarm.give_to"),
        holder || give.length ? "q" : "p") : null,
      push.case_id || push.parked ? button("look", push.id, t("alarm.look"), second ? "p" : "q") : null,
      button("ack-push", push.id, t("alarm.ack"))));
}

/** Below the rows: how many more there are, and a press that shows them. */
export function moreLine(reds, shown, rest, all) {
  const many = reds > shown ? t("alarm.many", { n: reds }) : "";
  if (!rest && !all) return null;
  return h("p", { class: `alarm-more${many ? " red" : ""}`, "data-key": "more" }, many ? h("b", {}, many) : null,
    button("all", "", all ? t("alarm.less") : t("alarm.more", { n: rest }), "link", { "aria-expanded": String(all) }));
}
