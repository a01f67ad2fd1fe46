// The board: what nobody has touched, for how long, and one button that mends it. Live, never reloaded.
import { delegate, h, icon, morph } from "./staff-dom.js";
import { call, setCsrf, stream, whenExpired } from "./staff-net.js";
import { createAlarm } from "./staff-alarm.js";
import { ask } from "./staff-dialog.js";
import { drawTroubles, keep, logout, pickStaff, toast, urgencyTag } from "./staff-parts.js";
import { exact, passed, setNow, startTicking, tick } from "./staff-time.js";
import { has, t } from "./staff-words.js";
import { chart } from "./board-chart.js";
import { steady } from "./press.js";

const $ = (id) => document.getElementById(id);
let me = null;
let store = null;
let alarm = null;
let board = null;
let free = new Set(); // cases that nobody has

const figure = (f) => h("div", { class: `k ${f.tone ?? ""}`, "data-key": f.key },
  h("span", {}, f.label ?? t(`board.figures.${f.key}`)), h("b", {}, String(f.value)), f.note ? h("em", {}, f.note) : null);

function actions(row) {
  const word = (act) => t(act === "assign" && free.has(String(row.case_id)) ? "board.give" : `board.${act}`);
  return row.actions.filter((a) => has(`board.${a}`)).map((a, n) => h("button", { class: n ? "q" : "p", "data-act": a,
    "data-id": row.case_id, "data-number": row.number, "aria-label": `${word(a)} #${row.number}` }, word(a)));
}

function watchRow(row) {
  const cell = (cls, ...kids) => h("td", { class: cls }, ...kids);
  return h("tr", { "data-key": `w-${row.case_id}`, class: `u-${row.urgency}` },
    cell("n", h("a", { href: `/desk#queue/${row.case_id}` }, `#${row.number}`)),
    cell("u", urgencyTag(row.urgency)),
    cell("line", row.line), cell("who", row.who),
    cell("w", row.waited_since ? h("span", { "data-since": row.waited_since, title: exact(row.waited_since) }, passed(row.waited_since)) : row.waited),
    cell("r", h("span", { class: "rungs", role: "img", "aria-label": t("board.rung", { n: row.rung, of: row.rungs }), title: t("board.rung", { n: row.rung, of: row.rungs }) },
      Array.from({ length: row.rungs }, (_, n) => h("i", { class: n < row.rung ? "d" : null })))),
    cell("a", h("div", { class: "row" }, actions(row))));
}

const longestFirst = (a, b) => String(a.waited_since ?? "").localeCompare(String(b.waited_since ?? ""));

function watch(rows) {
  if (!rows.length) return [h("div", { class: "state", "data-key": "none" }, icon("cup"), h("p", {}, t("board.watch_none")))];
  return [h("table", { "data-key": "table", "aria-labelledby": "watch-title" },
    h("thead", {}, h("tr", {}, ["number", "urgency", "line", "who", "waited", "rung", "act"].map((c) =>
      h("th", { scope: "col" }, ["urgency", "act"].includes(c) ? h("span", { class: "unseen" }, t(`board.columns.${c}`)) : t(`board.columns.${c}`))))),
    h("tbody", {}, rows.slice().sort(longestFirst).map(watchRow)))];
}

function duty(people) {
  if (!people.length) return [h("div", { class: "state" }, h("p", {}, t("board.duty_none")))];
  const units = new Map();
  for (const person of people) units.set(person.unit, [...(units.get(person.unit) ?? []), person]);
  return [...units].map(([unit, all]) => {
    const there = all.filter((p) => p.on && p.name);
    return h("section", { class: there.length ? "unit" : "unit gap", "data-key": `unit-${unit}` },
      h("h3", {}, unit), there.length ? null : h("p", { class: "gap-words" }, t("board.duty_gap")),
      h("ul", {}, all.filter((p) => p.name).sort((a, b) => Number(b.on) - Number(a.on)).map((p) =>
        h("li", { class: p.on ? "on" : null, "data-key": `duty-${p.id}` }, h("i", {}), p.name, " ", h("small", {}, t(p.on ? "board.duty_in" : "board.duty_out")),
          p.id === me.id ? null : h("button", { class: "link", "data-act": "disable", "data-id": p.id, "data-name": p.name,
            "aria-label": t("board.disable_whose", { name: p.name }) }, t("board.disable"))))));
  });
}

const draw = steady(() => {
  if (!board) return;
  $("title").textContent = t("board.title", { unit: me.unit ?? "" }).replace(/^ · /, "");
  drawTroubles(board.troubles ?? []);
  morph($("figures"), board.figures.map(figure));
  morph($("watch"), watch(board.watch));
  morph($("chart"), chart(board.days));
  $("chart-days").textContent = board.days.length ? t("board.chart_days", { n: board.days.length }) : "";
  morph($("duty-list"), duty(board.duty));
  tick();
});

let running = null;
let again = false;

/** Fetch board and queue; asked meanwhile → once more, never two at a time. */
function refresh() {
  if (running) { again = true; return running; }
  running = (async () => {
    do {
      again = false;
      try {
        const mark = alarm.told();
        const [newBoard, queue] = await Promise.all([call("/desk/api/board"), call("/desk/api/queue")]);
        board = newBoard;
        setNow(board.now);
        const cards = queue.groups.flatMap((g) => g.cards);
        free = new Set(cards.filter((c) => !c.assignee).map((c) => String(c.id)));
        alarm.settle(cards, !queue.too_many, mark);
        draw();
      } catch (refusal) {
        if (!refusal.status && !refusal.retryable) throw refusal;
        if (!board) morph($("watch"), [h("div", { class: "state failed" }, h("p", {}, refusal.say))]);
      }
    } while (again);
    running = null;
  })();
  return running;
}

let expired = false;

function offline(lost) {
  if (expired) return;
  $("live").classList.toggle("off", lost);
  $("live").textContent = t(lost ? "board.reconnecting" : "board.live");
  $("net").querySelector("span").textContent = t("net.offline");
  $("net").hidden = !lost;
}

async function deed(work, say) {
  try {
    await work();
    toast(say);
  } catch (refusal) {
    toast(refusal.body?.say || refusal.say || t("errors.unknown"), true);
  }
  refresh();
}

const acts = {
  assign: ({ id, number }) => pickStaff({
    title: t(free.has(String(id)) ? "dialog.assign_title" : "dialog.reassign_title", { number }),
    onPick: async (person) => {
      await call(`/desk/api/cases/${id}/assign`, { staff_id: person.id });
      toast(t("board.assigned", { number, name: person.name }));
      refresh();
    },
  }),
  disable: ({ id, name }) => ask({ title: t("dialog.disable_title", { name }), lead: t("dialog.disable_lead"),
    submit: t("board.disable"), danger: true,
    onSubmit: async () => {
      const { cases } = await call(`/desk/api/staff/${id}/disable`, {});
      toast(t(cases ? "board.disabled_cases" : "board.disabled", { name, n: cases }));
      refresh();
    } }),
  remind: ({ id, number }) => deed(() => call(`/desk/api/cases/${id}/remind`, {}), t("board.reminded", { number })),
  logout: () => logout(store),
};

async function start(found) {
  me = found;
  setCsrf(me.csrf, me.id);
  setNow(me.now, me.zone);
  store = keep(me.id);
  alarm = createAlarm({
    me, store, changed: refresh,
    open: (id) => location.assign(id ? `/desk#queue/${id}` : "/desk#parked"),
    claim: (id) => deed(() => call(`/desk/api/cases/${id}/claim`, {}), t("list.claimed", { number: "" }).replace("# ", "")),
  });
  delegate(document.body, acts);
  startTicking();
  morph($("watch"), [h("div", { class: "state", "data-key": "loading", "aria-busy": "true" }, h("p", {}, t("loading")))]);
  await refresh();
  let timer = 0;
  stream("/desk/events", {
    onHint(hint, id) {
      alarm.hint(hint, id);
      refresh();
    },
    onOpen() { clearTimeout(timer); offline(false); refresh(); },
    onLost() { clearTimeout(timer); timer = setTimeout(() => offline(true), 1200); },
  });
  setInterval(refresh, 60000); // waiting grows by itself: what becomes late shows without a hint
}

window.addEventListener("focus", async () => { // a login in another window serves this one too
  if (expired && await call("/desk/api/me").catch(() => null)) location.reload();
});
whenExpired(() => {
  expired = true;
  $("net").querySelector("span").textContent = t("net.expired");
  $("net").querySelector("a").hidden = false;
  $("net").querySelector("a").href = "/desk/login#board";
  $("net").hidden = false;
});

(async function begin() {
  for (let pause = 1000; ; pause = Math.min(pause * 2, 10000)) {
    try {
      return await start(await call("/desk/api/me"));
    } catch (refusal) {
      if (!refusal.status && !refusal.retryable) throw refusal;
      if (refusal.status === 401) return location.assign("/desk/login#board");
      $("net").querySelector("span").textContent = refusal.say;
      $("net").hidden = false;
      await new Promise((done) => setTimeout(done, pause));
      $("net").hidden = true;
    }
  }
})();
