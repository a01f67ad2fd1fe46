// The line to the house: requests that say why they failed, and a stream that always comes back.
import { has, t } from "./staff-words.js";

let csrf = document.querySelector("meta[name=csrf]")?.content ?? "";
let onExpired = () => {};

let who = null; // the person this page belongs to

export function setCsrf(token, id = who) {
  csrf = token || csrf;
  who = id;
}

/** After a login in another window: the same person goes on, another one gets a page of their own. */
async function newCsrf() {
  const me = await call("/desk/api/me");
  if (String(me.id) !== String(who)) { location.reload(); return false; }
  csrf = me.csrf;
  return true;
}

export function whenExpired(fn) {
  onExpired = fn;
}

/** A request that did not work: status 0 = the line; `say` is fit to be shown; retryable = ask again later. */
export class Refusal extends Error {
  constructor(status, body = {}, wait = 0) {
    super(body.error || `status ${status}`);
    this.status = status;
    this.code = body.error || (status === 0 ? "offline" : "unknown");
    this.body = body;
    this.wait = wait; // seconds, where the house says how long
    this.retryable = status === 0 || status === 429 || status >= 500;
    this.say = body.say || (has(`errors.${this.code}`) ? t(`errors.${this.code}`, body)
      : t(status >= 500 ? "errors.server" : "errors.unknown"));
  }
}

/** GET without a body, POST with one: an object, or a form with a file. Returns the JSON (or null); throws Refusal. */
export async function call(path, body, again = true) {
  const unsafe = body !== undefined;
  const form = body instanceof FormData;
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), form ? 90000 : 20000);
  let answer;
  try {
    answer = await fetch(path, {
      method: unsafe ? "POST" : "GET",
      headers: unsafe ? { ...(form ? {} : { "Content-Type": "application/json" }), "X-CSRF-Token": csrf } : {},
      body: unsafe && !form ? JSON.stringify(body) : body,
      credentials: "same-origin",
      cache: "no-store",
      signal: stop.signal,
    });
  } catch {
    throw new Refusal(0);
  } finally {
    clearTimeout(timer);
  }
  const found = await answer.json().catch(() => null);
  if (answer.ok) return found;
  if (answer.status === 401 && !path.endsWith("/login")) onExpired();
  if (found?.error === "csrf" && who !== null && again && await newCsrf()) return call(path, body, false);
  throw new Refusal(answer.status, found ?? {}, Number(answer.headers.get("Retry-After")));
}

const SILENCE = 45000; // the house speaks at least every 15 s; three times that is a dead line
const wait = (ms) => new Promise((resolve) => {
  const done = () => { clearTimeout(timer); window.removeEventListener("online", done); resolve(); };
  const timer = setTimeout(done, ms);
  window.addEventListener("online", done);
});

/**
 * Server-sent events over fetch, because EventSource gives up for good on a 503. Calls onHint(data, id), onOpen() after each (re)connection, onLost() when it breaks.
 */
export function stream(path, { onHint, onOpen, onLost }) {
  let id = ""; // a page that opens is told what still rings; after a break it goes on from here
  let stopped = false;
  let stop = new AbortController();
  window.addEventListener("offline", () => stop.abort());

  async function once() {
    stop = new AbortController();
    let watchdog = setTimeout(() => stop.abort(), SILENCE);
    try {
      const answer = await fetch(path, {
        headers: id ? { Accept: "text/event-stream", "Last-Event-ID": id } : { Accept: "text/event-stream" },
        credentials: "same-origin", cache: "no-store", signal: stop.signal,
      });
      if (answer.status === 401) { stopped = true; onExpired(); return; }
      if (!answer.ok || !answer.body) throw new Refusal(answer.status);
      onOpen();
      const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      let rest = "";
      for (;;) {
        const { value, done } = await reader.read();
        if (done) return;
        clearTimeout(watchdog);
        watchdog = setTimeout(() => stop.abort(), SILENCE);
        rest = read(rest + value);
      }
    } finally {
      clearTimeout(watchdog);
    }
  }

  function read(text) {
    const blocks = text.replace(/\r\n?/g, "\n").split("\n\n");
    const rest = blocks.pop();
    for (const block of blocks) {
      let data = "";
      let eventId = null;
      for (const line of block.split("\n")) {
        if (line.startsWith("data:")) data += (data ? "\n" : "") + line.slice(5).trimStart();
        else if (line.startsWith("id:")) eventId = line.slice(3).trim();
      }
      if (eventId !== null) id = eventId;
      if (!data) continue;
      try {
        onHint(JSON.parse(data), id);
      } catch (error) {
        console.error(error); // one bad hint must not end the stream
      }
    }
    return rest;
  }

  (async () => {
    let pause = 500;
    while (!stopped) {
      const began = Date.now();
      await once().catch(() => {});
      if (stopped) return;
      onLost();
      pause = Date.now() - began > 10000 ? 500 : Math.min(pause * 2, 10000);
      await wait(pause * (0.7 + Math.random() * 0.6));
    }
  })();
  return () => { stopped = true; stop.abort(); };
}
