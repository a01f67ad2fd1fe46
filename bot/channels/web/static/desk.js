// The desk: wires list, conversation, and side to the house; nothing is reloaded, nothing typed is lost.
import { delegate, morph } from "./staff-dom.js";
import { call, setCsrf, stream, whenExpired } from "./staff-net.js";
import { createAlarm } from "./staff-alarm.js";
import { ask, closeDialogs, keepDialogs } from "./staff-dialog.js";
import { copyText, drawTroubles, keep, logout, toast } from "./staff-parts.js";
import { setNow, startTicking, tick } from "./staff-time.js";
import { t } from "./staff-words.js";
import { allCards, changed, hinted, onCards, onRender, refresh, refreshAll, state } from "./desk-store.js";
import { listOf } from "./desk-list.js";
import { entriesOf, headOf, stripOf } from "./desk-talk.js";
import { sideOf } from "./desk-side.js";
import { drawUnsent, flush, pendingOf, resend, unsent } from "./desk-outbox.js";
import * as write from "./desk-write.js";
import * as acts from "./desk-acts.js";
import { stop as stopMedia } from "./desk-media.js";
import { closeFind, startFind } from "./desk-find.js";
import { showKeys, startKeys } from "./desk-keys.js";
import { connect as joinByTelegram } from "./desk-connect.js";

const VIEWS = ["queue", "mine", "due", "parked"];
const $ = (id) => document.getElementById(id);
const talk = $("scroll");
let store = null;
let alarm = null;
let drawnCase = null;
let lastSeq = 0;
let seenSeq = 0;

const atBottom = () => talk.scrollHeight - talk.scrollTop - talk.clientHeight < 60;
let pinned = true; // the newest line stays in sight while photos load and the field grows
let top = 0;
const toBottom = () => { talk.scrollTop = talk.scrollHeight; top = talk.scrollTop; };

function drawNav() {
  const counts = state.queue?.counts ?? {};
  for (const link of document.querySelectorAll("nav [data-view]")) {
    const on = link.dataset.view === state.view && !state.find;
    link.classList.toggle("on", on);
    if (on) link.setAttribute("aria-current", "page"); else link.removeAttribute("aria-current");
    const badge = link.querySelector("b");
    const n = counts[link.dataset.view] ?? 0;
    badge.textContent = n > 99 ? "99+" : String(n);
    badge.hidden = !n;
  }
  for (const button of document.querySelectorAll(".connect")) button.hidden = !state.me.telegram;
  $("to-board").hidden = state.me.role !== "supervisor";
  const duty = $("duty");
  duty.setAttribute("aria-pressed", String(state.me.on_duty));
  duty.title = t(state.me.on_duty ? "nav.duty_leave" : "nav.duty_go");
  duty.querySelector("span").textContent = t(state.me.on_duty ? "nav.duty_in" : "nav.duty_out");
  $("list-title").textContent = state.find ? t("list.find")
    : t("list.title", { unit: state.me.unit ?? "", view: t(`nav.${state.view}`) }).replace(/^ · /, "");
}

function drawTalk() {
  const open = Boolean(state.id);
  document.body.classList.toggle("has-case", open);
  document.body.dataset.pane = open ? state.pane : "list";
  $("pick").hidden = open;
  $("case").hidden = !open;
  $("side").hidden = !state.case;
  if (!open) { drawnCase = null; return; }
  const fresh = drawnCase !== state.id;
  const stick = fresh || pinned;
  $("case").dataset.u = state.case?.card.urgency ?? "";
  morph($("head"), headOf(state));
  morph($("strip"), stripOf(state));
  morph($("entries"), entriesOf(state, pendingOf(state.id)));
  morph($("side-body"), sideOf(state, acts.phones));
  write.showField();
  const newest = state.case?.last_seq ?? 0;
  if (stick) {
    pinned = true;
    toBottom();
    $("new-below").hidden = true;
  } else if (newest > lastSeq) {
    const n = state.case.entries.filter((e) => e.seq > lastSeq && e.from === "resident").length;
    $("new-below").hidden = !n;
    $("new-below").querySelector("span").textContent = t("talk.new_below", { n });
  }
  if (state.case) {
    if (fresh) { $("side").scrollTop = 0; drawnCase = state.id; }
    if (stick) lastSeq = newest;
    if (state.wantField) {
      state.wantField = false;
      if (!matchMedia("(pointer: coarse)").matches) write.focusField(); // there it would cover the talk
    }
    tellSeen();
  }
}

/** The resident hears 「看过了」 only from who has the case, with the last line in sight. */
async function tellSeen() {
  const { id, case: detail } = state;
  if (!detail?.card.mine || document.visibilityState !== "visible" || !atBottom()) return;
  if (detail.last_seq <= seenSeq || !detail.entries.some((e) => e.from === "resident" && e.seq > seenSeq)) return;
  seenSeq = detail.last_seq;
  await call(`/desk/api/cases/${encodeURIComponent(id)}/seen`, { seq: detail.last_seq }).catch(() => { seenSeq = 0; });
}

function draw() {
  if (!state.me) return;
  drawNav();
  drawTroubles(state.queue?.troubles ?? []);
  morph($("list"), listOf(state, acts.phones));
  drawTalk();
  drawUnsent();
  tick();
}

/** The address says what is open, so that back, reload, and a link from the board work. */
function route() {
  const [view, id, pane] = decodeURIComponent(location.hash.slice(1)).split("/");
  const before = { view: state.view, id: state.id };
  state.view = VIEWS.includes(view) ? view : "queue";
  state.id = id || null;
  state.pane = pane === "side" ? "side" : "talk";
  if (state.id !== before.id) {
    closeDialogs(); // they speak of the case before
    stopMedia();
    state.case = null;
    state.caseError = null;
    state.mode = "reply"; // what is for colleagues only is chosen anew for each case
    lastSeq = 0;
    seenSeq = 0;
    if (before.id && !state.id) requestAnimationFrame(() => document.querySelector(`[data-key="card-${CSS.escape(before.id)}"] a.t`)?.focus());
    if (state.id) refresh.case().then(() => changed());
  }
  if (state.view !== before.view) { closeFind(); refresh[state.view](); }
  changed();
}

function go(view, id = null, pane = null) {
  const hash = [view, id, pane].filter(Boolean).join("/");
  if (location.hash.slice(1) === hash) return;
  location.hash = hash;
}

const focusedCard = () => document.activeElement?.closest?.("#list .card")?.dataset.case;
const openCase = (id) => go(state.view, id);
function start(me) {
  state.me = me;
  setCsrf(me.csrf, me.id);
  setNow(me.now, me.zone);
  store = keep(me.id);
  keepDialogs(store);
  write.startWriting(store);
  alarm = createAlarm({ me, store, open: (id) => (id ? openCase(id) : go("parked")), claim: acts.claim, changed: refreshAll });
  onRender(draw);
  onCards((cards) => { acts.arrived(cards); alarm.settle(allCards(), !state.queue.too_many, state.mark); }, alarm.told);
  delegate(document.body, {
    ...acts.clicks,
    open: ({ id }) => { state.fresh.delete(String(id)); openCase(id); },
    "to-list": () => go(state.view),
    "to-side": () => { location.replace(`#${[state.view, state.id, state.pane === "side" ? "" : "side"].filter(Boolean).join("/")}`); },
    view: ({ view }) => { closeFind(); go(view, matchMedia("(max-width: 700px)").matches ? null : state.id); },
    "new-below": toBottom,
    resend: ({ id }) => resend(id),
    "to-note": write.toNote,
    "copy-reply": write.copyReply,
    unsent: ({ id }) => { pinned = true; go(state.view, id); toBottom(); },
    "take-back": ({ id }) => write.takeBack(id),
    copy: ({ text }) => copyText(text), connect: () => joinByTelegram(state.me.telegram),
    keys: showKeys,
    logout: leave,
  });
  startKeys({
    c: () => acts.claim(focusedCard() ?? (state.case?.allowed.includes("claim") ? state.id : null)),
    w: () => write.setMode("reply"),
    n: () => write.setMode("note"),
    t: acts.handOver, e: acts.closeCase, r: acts.reopen, u: acts.urgency,
    "/": () => { if (document.body.dataset.pane !== "list" && matchMedia("(max-width: 700px)").matches) go(state.view); $("find").focus(); },
    ...Object.fromEntries(VIEWS.map((view, n) => [String(n + 1), () => go(view, state.id)])),
  });
  startFind();
  startTicking();
  setInterval(() => {
    changed(); // what becomes due moves to its place without a hint
    if (state.case?.entries.some((entry) => entry.media?.state === "awaited")) refresh.case();
  }, 20000);
  setInterval(refresh.queue, 60000); // a bot that is down, or up again, gives no hint
  const hold = new ResizeObserver(() => { if (pinned) toBottom(); });
  hold.observe(talk);
  hold.observe($("entries"));
  talk.addEventListener("scroll", () => {
    if (atBottom()) pinned = true;
    else if (talk.scrollTop < top - 2) pinned = false; // only a hand scrolls up; what grows below does not
    top = talk.scrollTop;
    if (!pinned) return;
    $("new-below").hidden = true;
    lastSeq = state.case?.last_seq ?? lastSeq;
    tellSeen();
  }, { passive: true });
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") { tellSeen(); tick(); } });
  document.addEventListener("desk:written", () => { pinned = true; toBottom(); });
  window.addEventListener("hashchange", route);
  route();
  refreshAll().then(() => {
    document.body.classList.add("ready");
    if (!location.hash && state.queue?.groups) $("list").scrollTop = 0;
  });
  connect();
}

/** Duty and name may be changed by the same person somewhere else: in another window, on Telegram. */
async function askWhoIAm() {
  const me = await call("/desk/api/me").catch(() => null);
  if (!me) return;
  Object.assign(state.me, me);
  changed();
}

function connect() {
  const bar = $("net");
  let timer = 0;
  let lost = false;
  stream("/desk/events", {
    onHint(hint, id) {
      alarm.hint(hint, id);
      hinted(hint);
      if (hint.staff_id === state.me.id) askWhoIAm();
    },
    onOpen() {
      clearTimeout(timer);
      state.online = true;
      bar.hidden = true;
      document.body.dataset.online = "yes";
      if (lost) { lost = false; toast(t("net.back")); flush(); }
      refreshAll(); // what changed between the first fetch and the open stream
      askWhoIAm();
    },
    onLost() {
      clearTimeout(timer);
      timer = setTimeout(() => { // a blink is not worth a banner
        if (expired) return;
        lost = true;
        state.online = false;
        document.body.dataset.online = "no";
        bar.querySelector("span").textContent = t("net.offline");
        bar.hidden = false;
      }, 1200);
    },
  });
}

/** Leaving clears this computer: not over answers that are still on their way. */
function leave() {
  if (!unsent()) return logout(store);
  return ask({ title: t("dialog.leave_title", { n: unsent() }), lead: t("dialog.leave_lead"), submit: t("logout"), danger: true, onSubmit: () => logout(store) });
}

const loginHere = () => `/desk/login${location.hash}`; // after the login the page comes back to where it was

let expired = false;
window.addEventListener("focus", async () => { // a login in another window serves this one too
  if (expired && await call("/desk/api/me").catch(() => null)) location.reload();
});
whenExpired(() => {
  expired = true;
  const bar = $("net");
  bar.querySelector("span").textContent = t("net.expired");
  bar.querySelector("a").hidden = false;
  bar.querySelector("a").href = loginHere();
  bar.hidden = false;
});

(async function begin() {
  for (let pause = 1000; ; pause = Math.min(pause * 2, 10000)) {
    try {
      start(await call("/desk/api/me"));
      return;
    } catch (refusal) {
      if (!refusal.status && !refusal.retryable) throw refusal; // a fault of ours: let it be seen
      if (refusal.status === 401) { location.assign(loginHere()); return; }
      $("net").querySelector("span").textContent = refusal.say;
      $("net").hidden = false;
      await new Promise((done) => setTimeout(done, pause));
      $("net").hidden = true;
    }
  }
})();
