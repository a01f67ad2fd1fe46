/* What the person said and the house has not yet shown back. One key an item, so that two open pages never overwrite
   each other; the same id is repeated until 202, in order, for 24 hours. Danger waits behind nothing, and words do not
   wait behind a photo or a recording for which the house has no room just now. */
import { signs } from "./danger.js";
import * as store from "./store.js";

const PREFIX = "nx.out.";
const DAY = 24 * 3600 * 1000;
const PATIENCE = { text: 20000, media: 180000 };  // ms until a hanging POST is given up and repeated

const LANES = {
  urgent: (item) => item.urgent,
  refused: (item) => !item.urgent && item.refused,
  plain: (item) => !item.urgent && !item.refused,
};

const uuid = () => (crypto.randomUUID ? crypto.randomUUID() : [...crypto.getRandomValues(new Uint8Array(16))]
  .map((byte, at) => ((at === 6 ? (byte & 15) | 64 : at === 8 ? (byte & 63) | 128 : byte) + 256).toString(16).slice(1)
    + ([3, 5, 7, 9].includes(at) ? "-" : "")).join(""));

export class Outbox {
  /** `changed(item, what)`: what is "added" | "sent" | "retry" | "failed" | "renew" | "expired" | "gone". */
  constructor(changed) {
    this.changed = changed;
    this.items = [];
    this.lanes = Object.values(LANES).map((takes) => ({ takes, busy: false, timer: null, tries: 0 }));
    this.count = 0;
    for (const key of store.keys(PREFIX)) {
      try { this.items.push(JSON.parse(store.get(key))); } catch (error) { store.remove(key); }
    }
    addEventListener("online", () => this.hurry());
    document.addEventListener("visibilitychange", () => { if (!document.hidden) this.hurry(); });
  }

  /** Keep and send; `body` is {text} or {choice, label} or {kind, blob, seconds}. Returns the client's own id. */
  async add(body) {
    const id = uuid();
    const { blob, ...rest } = body;
    const order = `${String(Date.now()).padStart(14, "0")}.${String(this.count).padStart(4, "0")}`;
    this.count += 1;
    const item = { id, order, at: new Date().toISOString(), state: "waiting", urgent: signs(body.text).length > 0, ...rest };
    if (blob) await store.putBlob(id, blob);
    this.items.push(item);
    const kept = this.keep(item);
    this.changed(item, "added", { kept });
    this.run();
    return id;
  }

  keep(item) { return store.set(PREFIX + item.order, JSON.stringify(item)); }

  get pending() { return this.items.filter((item) => item.state === "waiting"); }

  /** The log shows this id: nothing is left to do. */
  seen(id) {
    const item = this.items.find((one) => one.id === id);
    if (item) this.drop(item);
  }

  drop(item) {
    this.items = this.items.filter((one) => one !== item);
    store.remove(PREFIX + item.order);
    if (item.kind) store.dropBlob(item.id);
    this.changed(item, "gone");
    this.run();
  }

  /** Try again at once: the line is back, or somebody looks at the page. */
  hurry() {
    for (const lane of this.lanes) {
      clearTimeout(lane.timer);
      lane.timer = null;
    }
    this.run();
  }

  run() { for (const lane of this.lanes) this.go(lane); }

  /** The first item of a lane. */
  async go(lane) {
    if (lane.busy || lane.timer) return;
    const item = this.pending.find(lane.takes);
    if (!item) return;
    lane.busy = true;
    let wait = 0;
    try {
      wait = await this.attempt(item, lane);
    } finally {
      lane.busy = false;
    }
    if (wait > 0) this.rest(lane, wait);
    this.run();
  }

  rest(lane, wait) {
    clearTimeout(lane.timer);
    lane.timer = setTimeout(() => {
      lane.timer = null;
      this.run();
    }, wait);
  }

  /** One POST. Returns the milliseconds to wait before the lane's next, 0 for none. */
  async attempt(item, lane) {
    if (Date.now() - Date.parse(item.at) > DAY) return this.fail(item, "failed_old");
    const slow = setTimeout(() => this.changed(item, "retry"), 5000);
    let answer;
    try {
      answer = await this.post(item);
    } catch (error) {
      return this.later(item, null, lane);
    } finally {
      clearTimeout(slow);
    }
    if (!answer) return this.fail(item, "gone_media");
    if (answer.status === 202 || answer.status === 200) {
      lane.tries = 0;
      item.state = "sent";
      item.sentAt = Date.now();
      this.keep(item);
      this.changed(item, "sent");
      return 0;
    }
    if (answer.status === 401 || answer.status === 403) {
      // The device's cookie is gone: opening the page anew gives one, then the same id is sent once more.
      if (!item.renewed && this.keep({ ...item, renewed: true })) {
        this.changed(item, "renew");
        return 60000;
      }
      this.changed(item, "expired");
      return 60000;
    }
    if (answer.status >= 500 || answer.status === 429 || answer.status === 408) return this.later(item, answer, lane);
    const body = await answer.json().catch(() => ({}));
    return this.fail(item, item.kind ? "failed_media" : "failed_text", body.say);
  }

  fail(item, key, say) {
    item.state = "failed";
    item.why = key;
    item.say = say || null;
    this.keep(item);
    this.changed(item, "failed");
    return 0;
  }

  later(item, answer, lane) {
    lane.tries += 1;
    item.tried = true;
    const first = Boolean(item.kind && answer && !item.refused);
    item.refused = item.refused || first;
    this.keep(item);
    this.changed(item, "retry");
    const asked = Number(answer && answer.headers.get("Retry-After")) * 1000;
    const backoff = Math.min(30000, 1000 * 2 ** (lane.tries - 1)) * (0.8 + Math.random() * 0.4);
    const wait = asked > 0 ? Math.min(asked, 300000) : backoff;
    if (!first) return wait;
    // It goes to its own lane, which waits; this one goes on.
    this.rest(this.lanes.find((one) => one.takes(item)), wait);
    return 0;
  }

  async post(item) {
    const stop = new AbortController();
    const limit = setTimeout(() => stop.abort(), item.kind ? PATIENCE.media : PATIENCE.text);
    const request = { method: "POST", headers: { "X-Nuanxin": "1" }, credentials: "same-origin", signal: stop.signal };
    try {
      if (!item.kind) {
        const body = item.choice ? { id: item.id, choice: item.choice } : { id: item.id, text: item.text };
        request.headers["Content-Type"] = "application/json";
        request.body = JSON.stringify(body);
        return await fetch("/chat/messages", request);
      }
      const blob = await store.getBlob(item.id);
      if (!blob) return null;
      const form = new FormData();
      form.append("id", item.id);
      form.append("kind", item.kind);
      form.append("file", blob, item.kind === "voice" ? "voice" : "photo.jpg");
      request.body = form;
      return await fetch("/chat/media", request);
    } finally {
      clearTimeout(limit);
    }
  }
}
