// What the desk knows now, where it came from, and when to fetch it again.
import { call } from "./staff-net.js";
import { steady } from "./press.js";
import { setNow } from "./staff-time.js";

export const state = {
  me: null,
  view: "queue",          // queue | mine | due | parked
  find: "",               // what is searched, or ""
  mark: 0,                // how many hints had come when the queue was asked for
  queue: null,            // each null while loading, {failed} when it did not work
  mine: null,
  due: null,
  parked: null,
  found: null,
  id: null,               // the open case
  case: null,             // its detail; null while loading
  caseError: null,
  pane: "talk",           // talk | side: which one a narrow screen shows
  mode: "reply",          // reply | note
  wantField: false,       // after a claim: write as soon as the field is there
  online: true,
  fresh: new Set(),       // ids of cards that came after the first look
  revealed: new Map(),    // `${case}:${person}` → phone, as long as the page is open
};

let render = () => {};
let afterCards = () => {};
let told = () => 0;
let frame = 0;

export function onRender(fn) { render = steady(fn); }
export function onCards(fn, toldNow) { afterCards = fn; told = toldNow; }

/** Draw at the next frame, once. */
export function changed() {
  if (frame) return;
  frame = 1;
  queueMicrotask(() => { frame = 0; render(); });
}

const running = new Map();

/** Fetch a thing; asked again meanwhile → once more afterwards, never two at a time (answers stay in order). */
function one(name, work) {
  const now = running.get(name);
  if (now) {
    now.again = true;
    return now.done;
  }
  const entry = { again: false, done: null };
  running.set(name, entry);
  entry.done = (async () => {
    try {
      do {
        entry.again = false;
        await work();
      } while (entry.again);
    } finally {
      running.delete(name);
      changed();
    }
  })();
  return entry.done;
}

async function into(name, path, pick) {
  try {
    state[name] = pick(await call(path));
  } catch (refusal) {
    if (!state[name] || state[name].failed) state[name] = { failed: refusal.say };
  }
}

export const cardsOf = (queue) => (queue?.groups ?? []).flatMap((g) => g.cards);

/** Every card the page knows, once: for the alarm and for finding one by id. */
export function allCards() {
  const seen = new Map();
  for (const card of [...cardsOf(state.queue), ...(state.mine?.cards ?? []), ...(state.found?.cards ?? [])]) {
    if (!seen.has(String(card.id))) seen.set(String(card.id), card);
  }
  const open = state.case?.card; // may be a moment older than the lists
  if (open && !seen.has(String(open.id))) seen.set(String(open.id), open);
  return [...seen.values()];
}

export const refresh = {
  queue: () => one("queue", async () => {
    const before = state.queue?.groups ? new Set(cardsOf(state.queue).map((c) => String(c.id))) : null;
    const mark = told();
    await into("queue", "/desk/api/queue", (q) => { setNow(q.now); state.mark = mark; return q; });
    const arrived = before ? cardsOf(state.queue).filter((c) => !before.has(String(c.id))) : [];
    for (const card of arrived) state.fresh.add(String(card.id));
    if (state.queue?.groups) afterCards(arrived);
  }),
  mine: () => one("mine", async () => {
    await into("mine", "/desk/api/mine", (m) => m);
    if (state.queue?.groups) afterCards([]);
  }),
  due: () => one("due", () => into("due", "/desk/api/due", (d) => d)),
  parked: () => one("parked", () => into("parked", "/desk/api/parked", (p) => p)),
  found: () => one("found", async () => {
    const q = state.find;
    if (q) await into("found", `/desk/api/search?q=${encodeURIComponent(q)}`, (f) => ({ ...f, q }));
  }),
  case: () => one("case", async () => {
    const id = state.id;
    if (!id) return;
    try {
      const found = await call(`/desk/api/cases/${encodeURIComponent(id)}`);
      if (state.id === id) { state.case = found; state.caseError = null; }
      if (state.queue?.groups) afterCards([]);
    } catch (refusal) {
      if (state.id !== id) return;
      if (!state.case || !refusal.retryable) { state.case = null; state.caseError = refusal; }
    }
  }),
};

/** Everything that is on the page. */
export function refreshAll() {
  const work = [refresh.queue(), refresh.mine(), refresh.case()];
  if (state.view === "due" || state.view === "parked") work.push(refresh[state.view]());
  if (state.find) work.push(refresh.found());
  return Promise.all(work);
}

/** A hint says only that something changed; what is on the page is fetched, nothing else. */
export function hinted({ kind, case_id: id }) {
  refresh.queue();
  if (kind !== "parked") refresh.mine();
  if (id && String(id) === String(state.id)) refresh.case();
  if (state.view === "due" && kind !== "parked") refresh.due();
  if (state.view === "parked" && kind === "parked") refresh.parked();
  if (state.find) refresh.found();
}
