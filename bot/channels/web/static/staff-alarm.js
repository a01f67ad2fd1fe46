// The red bar and the pushes: on every open staff page, until somebody has it or has said 已知晓.
import { h, icon, morph } from "./staff-dom.js";
import { call } from "./staff-net.js";
import { announce, colleagues, pickStaff, toast, urgencyTag } from "./staff-parts.js";
import * as sound from "./staff-sound.js";
import { left } from "./staff-time.js";
import { t } from "./staff-words.js";

const SHOWN = 3; // more reds than this are counted, not listed: the work must stay visible

/**
 * @param me the staff member; store what this browser keeps; open(caseId) shows a case;
 * claim(caseId) takes it; changed() asks the page to fetch again.
 */
export function createAlarm({ me, store, open, claim, changed }) {
  const root = document.getElementById("alarm");
  const title = document.title;
  let cards = [];
  const rings = {}; // case id → {seq, number, needsAck}; the house tells again what still rings
  let pushes = []; // [{seq, case_id, number, urgency, text}]
  let answered = store.get("answered", {}); // case id → the newest notice this person has answered
  let helpers = [];
  const offered = {}; // case id → the colleagues whose names stand in its row
  const ready = new Set(); // case ids whose row may be shown
  let known = new Set();
  let told = 0; // how many hints have come: what was fetched before one says nothing about it

  const isAnswered = (id, seq) => (answered[id] ?? 0) >= Number(seq ?? 0) && id in answered;
  const answer = (id, seq) => {
    answered = Object.fromEntries([...Object.entries(answered).slice(-200), [id, Number(seq)]]);
    store.set("answered", answered);
  };
  const cardOf = (id) => cards.find((c) => String(c.id) === String(id));

  /** Red cards nobody has, and rings about a case somebody has but which rang again. */
  function reds() {
    const found = cards.filter((c) => c.urgency === "red" && !c.assignee && c.status !== "closed"
      && !isAnswered(c.id, rings[c.id]?.seq));
    const listed = new Set(found.map((c) => String(c.id)));
    for (const [id, ring] of Object.entries(rings)) {
      if (ring.needsAck && !isAnswered(id, ring.seq) && !listed.has(id)) {
        found.push(cardOf(id) ?? { id, number: ring.number, urgency: "red", elsewhere: true });
      }
    }
    return found.sort((a, b) => String(a.due_at ?? "").localeCompare(String(b.due_at ?? "")));
  }

  function hint({ kind, sound: bell, case_id: id, number, urgency, text, assigned }, seq) {
    told += 1;
    if (isAnswered(id, seq)) return;
    if (id && (kind === "ring" || (bell === "red" && kind === "push" && me.role !== "supervisor" && !assigned))) {
      rings[id] = { seq, number, fresh: true, needsAck: false, told };
      draw();
    } else if (kind === "push" || bell) {
      if (kind === "parked") text = t("notice.parked_red");
      delete offered[id];
      pushes = pushes.filter((p) => p.case_id !== id).concat({ seq, case_id: id, number, urgency, text, bell, assigned, told });
      announce(text || t("alarm.push", { number }), true);
      sound.ring(reds().length || bell === "red" ? "red" : "push");
      // a button must not come to lie under a finger that is on its way to another one: names first, then the row
      Promise.race([loadHelpers(), new Promise((done) => setTimeout(done, 1500))]).then(() => {
        ready.add(id);
        draw();
      });
    }
  }

  /** After the page has fetched: which rings and pushes are over because somebody acted? `whole`: no card was left out; `mark`: told() before the fetch. */
  function settle(fetched, whole, mark) {
    cards = fetched;
    for (const [id, ring] of Object.entries(rings)) {
      if (ring.told > mark) continue;
      const card = cardOf(id);
      const free = card && !card.assignee && card.status !== "closed";
      if (ring.fresh) {
        ring.fresh = false;
        ring.needsAck = !free;
      } else if (ring.needsAck ? card?.status === "closed" || card?.urgency && card.urgency !== "red" : !free) {
        delete rings[id];
      }
    }
    pushes = pushes.filter((p) => {
      if (p.told > mark) return true;
      const card = cardOf(p.case_id);
      if (!card) return p.who !== "" || !whole; // it was free and is gone from the queue: somebody has it
      const who = card.assignee ? String(card.assignee.id) : "";
      if (p.who === undefined) p.who = who; // who had it when it was pushed; another one means it moved
      return card.status !== "closed" && who === p.who;
    });
    draw();
  }

  async function loadHelpers() {
    if (me.role !== "supervisor") return;
    helpers = (await colleagues().catch(() => [])).filter((s) => s.on_duty && s.id !== me.id).slice(0, 2);
  }

  function redRow(card) {
    const due = card.due_at ? h("b", { class: "left u-red", "data-due": card.due_at }, left(card.due_at).text) : null;
    const taken = card.assignee || card.elsewhere;
    return h("li", { class: "alarm-red", "data-key": `red-${card.id}` },
      icon("alarm"),
      h("span", { class: "what" }, h("b", {}, t("alarm.red", {
        number: card.number, line: card.title && !card.redacted ? card.title : "" })),
    h("small", {}, card.redacted ? "" : (card.danger ?? []).map((d) => `${t(`dangers.${d}`, {}, d)} · `).join(""), card.assignee ? t("alarm.claimed", { name: card.assignee.name }) : taken ? ""
        : t("alarm.unclaimed"))),
      due,
      h("span", { class: "row" },
        taken ? null : h("button", { class: "p light", "data-key": "claim", "data-alarm": "claim", "data-id": card.id }, t("alarm.claim")),
        h("button", { class: "q", "data-key": "look", "data-alarm": "look", "data-id": card.id }, t("alarm.look")),
        rings[card.id]?.seq ? h("button", { class: "q", "data-key": "ack", "data-alarm": "ack", "data-id": card.id }, t("alarm.ack")) : null));
  }

  function pushRow(push) {
    offered[push.case_id] ??= helpers.filter((s) => String(s.id) !== push.who);
    const helpersLeft = push.case_id ? offered[push.case_id] : []; // as first shown: the row does not move any more
    return h("li", { class: "alarm-push", "data-key": `push-${push.case_id}` },
      push.urgency ? urgencyTag(push.urgency) : icon("alarm"),
      h("span", { class: "what" }, h("b", {}, push.text || t("alarm.push", { number: push.number })),
        h("small", {}, t("alarm.push_label"))),
      h("span", { class: "row" },
        helpersLeft.map((s) => h("button", {
          class: "p", "data-key": `give-${s.id}`, "data-alarm": "give", "data-id": push.case_id, "data-staff": s.id,
          title: t("alarm.give_hint", { n: s.open_cases }) }, t("alarm.give", { name: s.name }))),
        me.role === "supervisor" && push.case_id ? h("button", {
          class: helpersLeft.length ? "q" : "p", "data-key": "other", "data-alarm": "other", "data-id": push.case_id }, t("alarm.other")) : null,
        h("button", { class: "q", "data-key": "look", "data-alarm": "look", "data-id": push.case_id }, t("alarm.look")),
        h("button", { class: "q", "data-key": "ack", "data-alarm": "ack-push", "data-id": push.case_id }, t("alarm.ack"))));
  }

  function draw() {
    const red = reds();
    const now = new Set(red.map((c) => String(c.id)));
    for (const card of red) {
      if (!known.has(String(card.id))) announce(t("alarm.red_short", { number: card.number }), true);
    }
    known = now;
    const shown = pushes.filter((p) => ready.has(p.case_id)).slice(0, SHOWN);
    const ringing = red.length || pushes.length;
    const quiet = ringing && !sound.isOpen();
    morph(root, [
      red.length > SHOWN ? h("p", { class: "alarm-many" }, icon("alarm"), h("b", {}, t("alarm.many", { n: red.length }))) : null,
      red.length || shown.length ? h("ul", {}, red.slice(0, SHOWN).map(redRow), shown.map(pushRow)) : null,
    ]);
    const ask = document.getElementById("sound");
    if (ask) {
      ask.hidden = sound.isOpen();
      ask.classList.toggle("needed", Boolean(quiet));
    }
    document.body.classList.toggle("alarmed", red.length > 0);
    document.title = ringing ? t("alarm.title", { n: red.length + pushes.length, title }) : title;
    sound.ring(red.length || pushes.some((p) => p.bell === "red") ? "red" : pushes.length ? "push" : null);
  }

  /** 已知晓 for everything that rings about this case. */
  async function ack(id) {
    const entries = [rings[id], pushes.find((p) => String(p.case_id) === id)].filter((e) => e?.seq);
    for (const entry of entries) await call(`/desk/api/notices/${entry.seq}/ack`, {});
    answer(id, Math.max(...entries.map((e) => Number(e.seq))));
    dropAnswered();
  }

  async function give(id, person) {
    await call(`/desk/api/cases/${id}/assign`, { staff_id: person.id });
    answer(id, pushes.find((p) => String(p.case_id) === String(id))?.seq ?? 0);
    dropAnswered();
    toast(t("talk.assigned", { name: person.name }));
    changed();
  }

  function dropAnswered() {
    pushes = pushes.filter((p) => !isAnswered(p.case_id, p.seq));
    draw();
  }

  const acts = {
    claim: (id) => claim(id),
    async look(id) {
      open(id === "null" ? null : id);
      const push = pushes.find((p) => String(p.case_id) === id);
      if (push && (push.assigned || !push.case_id)) await ack(id); // it was told, and it is being looked at
    },
    ack: (id) => ack(id).then(() => toast(t("alarm.acked"))),
    "ack-push": (id) => ack(id).then(() => toast(t("alarm.acked"))),
    give: (id, el) => give(id, offered[id].find((s) => String(s.id) === el.dataset.staff)),
    other: async (id) => pickStaff({
      title: t("dialog.assign_title", { number: pushes.find((p) => String(p.case_id) === id)?.number }),
      onPick: (person) => give(id, person),
    }),
  };

  root.addEventListener("click", async (event) => {
    const el = event.target.closest("[data-alarm]");
    if (!el) return;
    el.disabled = true;
    try {
      await acts[el.dataset.alarm](el.dataset.id ?? "null", el);
    } catch (refusal) {
      toast(refusal.say ?? t("errors.unknown"), true);
    } finally {
      el.disabled = false;
      draw();
    }
  });
  window.addEventListener("storage", () => { // another window of the same person has answered
    answered = store.get("answered", {});
    dropAnswered();
  });
  document.getElementById("sound")?.addEventListener("click", async () => {
    if (await sound.open()) { sound.tryOnce(); toast(t("alarm.sound_test")); }
    draw();
  });
  sound.onChange(draw);
  sound.openOnTouch();
  draw();
  return { hint, settle, told: () => told };
}
