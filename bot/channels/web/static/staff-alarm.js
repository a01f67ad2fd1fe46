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
  let rings = store.get("rings", {}); // case id → {seq, number, needsAck, acked}
  let pushes = store.get("pushes", []); // [{seq, case_id, number, urgency, text}]
  let helpers = [];
  const offered = {}; // case id → the colleagues whose names stand in its row
  const ready = new Set(); // case ids whose row may be shown
  let known = new Set();

  const save = () => { store.set("rings", rings); store.set("pushes", pushes); };
  const cardOf = (id) => cards.find((c) => String(c.id) === String(id));

  /** Red cards nobody has, and rings about a case somebody has but which rang again. */
  function reds() {
    const found = cards.filter((c) => c.urgency === "red" && !c.assignee && c.status !== "closed"
      && !rings[c.id]?.acked);
    const listed = new Set(found.map((c) => String(c.id)));
    for (const [id, ring] of Object.entries(rings)) {
      if (ring.needsAck && !ring.acked && !listed.has(id)) {
        found.push(cardOf(id) ?? { id, number: ring.number, urgency: "red", elsewhere: true });
      }
    }
    return found.sort((a, b) => String(a.due_at ?? "").localeCompare(String(b.due_at ?? "")));
  }

  function hint({ kind, sound: bell, case_id: id, number, urgency, text }, seq) {
    if (kind === "ring" || bell === "red") {
      rings[id] = { seq, number, fresh: true, acked: false, needsAck: false };
      save();
      draw();
    } else if (kind === "push" || bell === "push") {
      delete offered[id];
      pushes = pushes.filter((p) => p.case_id !== id).concat({ seq, case_id: id, number, urgency, text });
      save();
      announce(text || t("alarm.push", { number }), true);
      sound.ring(reds().length ? "red" : "push");
      // a button must not come to lie under a finger that is on its way to another one: names first, then the row
      Promise.race([loadHelpers(), new Promise((done) => setTimeout(done, 1500))]).then(() => {
        ready.add(id);
        draw();
      });
    }
  }

  /** After the page has fetched: which rings and pushes are over because somebody acted? `whole`: no card was left out. */
  function settle(fetched, whole = true) {
    cards = fetched;
    for (const [id, ring] of Object.entries(rings)) {
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
      const card = cardOf(p.case_id);
      if (!card) return p.who !== "" || !whole; // it was free and is gone from the queue: somebody has it
      const who = card.assignee ? String(card.assignee.id) : "";
      if (p.who === undefined) p.who = who; // who had it when it was pushed; another one means it moved
      return card.status !== "closed" && who === p.who;
    });
    save();
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
      h("small", {}, card.assignee ? t("alarm.claimed", { name: card.assignee.name }) : taken ? ""
        : t("alarm.unclaimed"))),
      due,
      h("span", { class: "row" },
        taken ? null : h("button", { class: "p light", "data-key": "claim", "data-alarm": "claim", "data-id": card.id }, t("alarm.claim")),
        h("button", { class: "q", "data-key": "look", "data-alarm": "look", "data-id": card.id }, t("alarm.look")),
        rings[card.id]?.seq ? h("button", { class: "q", "data-key": "ack", "data-alarm": "ack", "data-id": card.id }, t("alarm.ack")) : null));
  }

  function pushRow(push) {
    offered[push.case_id] ??= helpers.filter((s) => String(s.id) !== push.who);
    const helpersLeft = offered[push.case_id]; // as first shown: the row does not move any more
    return h("li", { class: "alarm-push", "data-key": `push-${push.case_id}` },
      push.urgency ? urgencyTag(push.urgency) : icon("alarm"),
      h("span", { class: "what" }, h("b", {}, push.text || t("alarm.push", { number: push.number })),
        h("small", {}, t("alarm.push_label"))),
      h("span", { class: "row" },
        helpersLeft.map((s) => h("button", {
          class: "p", "data-key": `give-${s.id}`, "data-alarm": "give", "data-id": push.case_id, "data-staff": s.id,
          title: t("alarm.give_hint", { n: s.open_cases }) }, t("alarm.give", { name: s.name }))),
        me.role === "supervisor" ? h("button", {
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
    sound.ring(red.length ? "red" : pushes.length ? "push" : null);
  }

  async function ack(entry) {
    await call(`/desk/api/notices/${entry.seq}/ack`, {});
    toast(t("alarm.acked"));
  }

  async function give(id, person) {
    await call(`/desk/api/cases/${id}/assign`, { staff_id: person.id });
    pushes = pushes.filter((p) => String(p.case_id) !== String(id));
    save();
    draw();
    toast(t("talk.assigned", { name: person.name }));
    changed();
  }

  const acts = {
    claim: (id) => claim(id),
    look: async (id) => open(id),
    async ack(id) {
      await ack(rings[id]);
      rings[id].acked = true;
      rings[id].needsAck = false;
    },
    async "ack-push"(id) {
      await ack(pushes.find((p) => String(p.case_id) === id));
      pushes = pushes.filter((p) => String(p.case_id) !== id);
    },
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
      await acts[el.dataset.alarm](el.dataset.id, el);
      save();
    } catch (refusal) {
      toast(refusal.say ?? t("errors.unknown"), true);
    } finally {
      el.disabled = false;
      draw();
    }
  });
  window.addEventListener("storage", () => { // another window of the same person has answered
    rings = store.get("rings", {});
    pushes = store.get("pushes", []);
    for (const p of pushes) ready.add(p.case_id);
    draw();
  });
  document.getElementById("sound")?.addEventListener("click", async () => {
    if (await sound.open()) { sound.tryOnce(); toast(t("alarm.sound_test")); }
    draw();
  });
  sound.onChange(draw);
  sound.openOnTouch();
  if (pushes.length) {
    loadHelpers().then(() => { for (const p of pushes) ready.add(p.case_id); draw(); });
  } else {
    draw();
  }
  return { hint, settle, draw };
}
