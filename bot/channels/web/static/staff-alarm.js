// The red bar and the pushes: on every open staff page, until somebody has it or has said 已知晓.
import { h, morph } from "./staff-dom.js";
import { closeDialogs } from "./staff-dialog.js";
import { call } from "./staff-net.js";
import { announce, colleagues, pickStaff, toast } from "./staff-parts.js";
import { steady } from "./press.js";
import { byUrgencyThenAge, moreLine, pushRow, redRow } from "./staff-alarm-rows.js";
import * as sound from "./staff-sound.js";
import { now } from "./staff-time.js";
import { t } from "./staff-words.js";

const narrow = matchMedia("(max-width: 700px)");
const shownMost = () => (narrow.matches ? 1 : 3); // more are counted, not listed: the work must stay visible

/** A push of this kind is over when the card waits for something else. */
const WAITS = { untouched: "claim", red: "claim", unanswered: "answer", claimed_silent: "answer", reopened: "answer" };

function doneOtherwise({ key }, card) {
  if (key === "unheard") return card.voice_unheard === false;
  if (!WAITS[key]) return false;
  return !card.due_kind || (card.due_kind !== WAITS[key] && Date.parse(card.due_at) > now());
}

/**
 * @param me the staff member; store what this browser keeps; open(caseId) shows a case;
 * claim(caseId) takes it; changed() asks the page to fetch again.
 */
export function createAlarm({ me, store, open, claim, changed }) {
  const root = document.getElementById("alarm");
  const title = document.title;
  let cards = [];
  const rings = {}; // case id → {seq, number, needsAck, given, again}; the house tells again what still rings
  let pushes = []; // [{id, seq, case_id, number, urgency, text}]
  let answered = store.get("answered", {}); // case id → the newest notice this person has answered
  let helpers = [];
  const offered = {}; // case id → the colleagues whose names stand in its row
  const ready = new Set(); // case ids whose row may be shown
  let known = new Set();
  let settled = false; // whether any card is known yet
  let all = false; // every row is listed, not only the first
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
    const held = (c) => Number(Boolean(c.assignee || c.elsewhere)); // one that nobody has comes first
    return found.sort((a, b) => held(a) - held(b) || String(a.due_at ?? "").localeCompare(String(b.due_at ?? "")));
  }

  function hint(notice, seq) {
    const { kind, sound: bell, case_id, number, urgency, assigned, key } = notice;
    const id = case_id ?? `notice-${seq}`; // what belongs to no case takes no other's place
    told += 1;
    if (isAnswered(id, seq)) return;
    const given = Boolean(case_id && assigned && bell === "red");
    if (given || (case_id && (kind === "ring" || (bell === "red" && kind === "push" && me.role !== "supervisor" && !assigned)))) {
      // a claim ends the bells: one that rings when a page opens, or about a case known as claimed, came after it
      const again = kind === "ring" && (!settled || Boolean(rings[id]?.again || cardOf(id)?.assignee));
      rings[id] = { seq, number, key, given, again, fresh: !given, needsAck: given, told };
      draw();
    } else if (kind === "push" || bell) {
      const text = kind === "parked" ? t("notice.parked_red") : notice.text;
      delete offered[id];
      pushes = pushes.filter((p) => p.id !== id).concat({ id, seq, case_id, parked: kind === "parked", number, urgency, text, key, since: notice.since, bell, assigned, told });
      announce(text || t("alarm.push", { number }), true);
      sound.ring(reds().length || bell === "red" ? "red" : "push");
      // a button must not come to lie under a finger that is on its way to another one: names first, then the row
      Promise.race([loadHelpers(), new Promise((done) => setTimeout(done, 1500))]).then(() => {
        ready.add(id);
        draw();
      });
    }
  }

  /** Is what rang here over because somebody acted? */
  function over(ring, card, free, whole) {
    if (!card) return !ring.needsAck || Boolean(whole && ring.known); // closed: gone from the lists
    ring.known = true;
    if (card.status === "closed" || (ring.needsAck && card.urgency !== "red")) return true;
    if (ring.given) return !card.mine || !card.due_kind || card.due_kind === "unseen"; // moved on, or answered
    return ring.needsAck ? doneOtherwise(ring, card) : !free;
  }

  /** After the page has fetched: which rings and pushes are over because somebody acted? `whole`: no card was left out; `mark`: told() before the fetch. */
  function settle(fetched, whole, mark) {
    cards = fetched;
    settled = true;
    for (const [id, ring] of Object.entries(rings)) {
      if (ring.told > mark) continue;
      const card = cardOf(id);
      const free = card && !card.assignee && card.status !== "closed";
      if (ring.fresh) {
        ring.fresh = false;
        ring.needsAck = !free;
      } else if (over(ring, card, free, whole)) {
        delete rings[id];
      }
    }
    pushes = pushes.filter((p) => {
      if (p.told > mark) return true;
      const card = cardOf(p.case_id);
      if (!card) return p.who !== "" || !whole; // it was free and is gone from the queue: somebody has it
      const who = card.assignee ? String(card.assignee.id) : "";
      if (p.who === undefined) p.who = who; // who had it when it was pushed; another one means it moved
      return card.status !== "closed" && who === p.who && !doneOtherwise(p, card);
    });
    draw();
  }

  async function loadHelpers() {
    if (me.role !== "supervisor") return;
    helpers = (await colleagues().catch(() => [])).filter((s) => s.on_duty && s.id !== me.id).slice(0, 2);
  }

  function rowOf(push) {
    offered[push.id] ??= helpers.filter((s) => String(s.id) !== push.who);
    // as first shown: the row does not move any more
    return pushRow(push, cardOf(push.case_id), push.case_id ? offered[push.id] : [], me.role === "supervisor");
  }

  /** Heard at once; seen as soon as no finger is down. */
  function draw() {
    const red = reds();
    const present = new Set(red.map((c) => String(c.id)));
    for (const card of red) {
      if (!known.has(String(card.id))) announce(t("alarm.red_short", { number: card.number }), true);
    }
    known = present;
    const ringing = red.length || pushes.length;
    document.title = ringing ? t("alarm.title", { n: red.length + pushes.length, title }) : title;
    sound.ring(red.length || pushes.some((p) => p.bell === "red") ? "red" : pushes.length ? "push" : null);
    drawRows();
  }

  const drawRows = steady(() => {
    const red = reds();
    const rows = [...red.map((card, n) => () => redRow(card, rings[card.id], n === 0)),
      ...pushes.filter((p) => ready.has(p.id)).sort(byUrgencyThenAge).map((push) => () => rowOf(push))];
    if (rows.length <= shownMost()) all = false;
    const shown = all ? rows : rows.slice(0, shownMost());
    root.classList.toggle("all", all);
    morph(root, [
      shown.length ? h("ul", { "data-key": "rows", tabindex: all ? "0" : null }, shown.map((row) => row())) : null,
      moreLine(red.length, shown.length, rows.length - shown.length, all),
    ]);
    const ask = document.getElementById("sound");
    if (ask) {
      ask.hidden = sound.isOpen();
      ask.classList.toggle("needed", Boolean(red.length || pushes.length) && !sound.isOpen());
    }
    document.body.classList.toggle("alarmed", red.length > 0);
  });

  /** 已知晓 for everything that rings about this case. */
  async function ack(id) {
    const entries = [rings[id], pushes.find((p) => String(p.id) === id)].filter((e) => e?.seq);
    for (const entry of entries) await call(`/desk/api/notices/${entry.seq}/ack`, {});
    answer(id, Math.max(...entries.map((e) => Number(e.seq))));
    dropAnswered();
  }

  async function give(id, person) {
    await call(`/desk/api/cases/${id}/assign`, { staff_id: person.id });
    answer(id, pushes.find((p) => String(p.id) === String(id))?.seq ?? 0);
    dropAnswered();
    toast(t("talk.assigned", { name: person.name }));
    changed();
  }

  function dropAnswered() {
    pushes = pushes.filter((p) => !isAnswered(p.id, p.seq));
    draw();
  }

  async function remind(id) {
    await call(`/desk/api/cases/${id}/remind`, {});
    await ack(id);
    toast(t("board.reminded", { number: cardOf(id)?.number ?? "" }));
  }

  const acts = {
    claim: (id) => { closeDialogs(); return claim(id); },
    async look(id) {
      closeDialogs();
      const push = pushes.find((p) => String(p.id) === id);
      open(push?.parked ? null : id);
      if (rings[id]?.given || (push && (push.assigned || !push.case_id))) await ack(id); // it was told, and it is being looked at
    },
    remind,
    all: () => { all = !all; },
    ack: (id) => ack(id).then(() => toast(t("alarm.acked"))),
    "ack-push": (id) => ack(id).then(() => toast(t("alarm.acked"))),
    give: (id, el) => give(id, offered[id].find((s) => String(s.id) === el.dataset.staff)),
    other: async (id) => pickStaff({
      title: t(cardOf(id)?.assignee ? "dialog.reassign_title" : "dialog.assign_title", { number: pushes.find((p) => String(p.id) === id)?.number }),
      except: cardOf(id)?.assignee?.id,
      onPick: (person) => give(id, person),
    }),
  };

  root.addEventListener("click", async (event) => {
    const el = event.target.closest("[data-alarm]");
    if (!el) return;
    el.disabled = true;
    try {
      await acts[el.dataset.alarm](el.dataset.id, el);
    } catch (refusal) {
      toast(refusal.say ?? t("errors.unknown"), true);
    } finally {
      el.disabled = false;
      draw();
    }
  });
  document.addEventListener("keydown", (event) => { // by its place: on a Mac Option+1 writes another sign
    if (!event.altKey || event.ctrlKey || event.metaKey || event.code !== "Digit1") return;
    const top = root.querySelector(".alarm-red .light");
    if (!top) return;
    event.preventDefault();
    top.click();
  });
  new ResizeObserver(() => { // dialogs and toasts stay below it
    document.documentElement.style.setProperty("--alarm-h", `${root.offsetHeight}px`);
  }).observe(root);
  narrow.addEventListener("change", draw);
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
