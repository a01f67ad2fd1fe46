/* Entries come in by event stream; where that is blocked or silent, by asking the history every 3 s. Each seq once. */
const POLL = 3000;
const CHECK = 25000;  // an open stream is compared with the history now and then: some proxies hold events back

export class Stream {
  /** `entry(entry)` once a seq in the order of arrival, `state(state)`, `line(up)` when the line goes or comes. */
  constructor({ entry, state, line, loaded }) {
    Object.assign(this, { entry, state, line, loaded });
    this.seen = new Set();
    this.last = 0;
    this.healthy = false;
    this.asking = null;
    this.failures = 0;
    this.source = null;
    this.reopen = 2000;
  }

  async start() {
    await Promise.race([this.ask(), new Promise((done) => { setTimeout(done, 3000); })]);
    this.open();
    this.tick();
    addEventListener("online", () => { this.ask(); if (!this.source) this.open(); });
    addEventListener("offline", () => this.line(false));
    document.addEventListener("visibilitychange", () => { if (!document.hidden) { this.ask(); if (!this.source) this.open(); } });
    addEventListener("pagehide", () => this.close());
    addEventListener("pageshow", (event) => { if (event.persisted) { this.ask(); this.open(); } });
  }

  take(entry, from) {
    if (!entry || typeof entry.seq !== "number" || this.seen.has(entry.seq)) return false;
    this.seen.add(entry.seq);
    this.last = Math.max(this.last, entry.seq);
    if (from === "stream") this.healthy = true;
    this.entry(entry);
    return true;
  }

  close() {
    if (this.source) this.source.close();
    this.source = null;
    this.healthy = false;
  }

  open() {
    this.close();
    if (!window.EventSource) return;
    const source = new EventSource(`/chat/events?after=${this.last}`);
    this.source = source;
    source.onopen = () => { this.healthy = true; this.failures = 0; this.reopen = 2000; this.line(true); this.ask(); };
    source.onmessage = (event) => {
      try { this.take(JSON.parse(event.data), "stream"); } catch (error) { this.ask(); }
    };
    source.addEventListener("state", (event) => {
      try { this.state(JSON.parse(event.data)); } catch (error) { this.ask(); }
    });
    source.onerror = () => {
      this.healthy = false;
      if (source.readyState !== EventSource.CLOSED || this.source !== source) return;
      this.close();
      setTimeout(() => { if (!this.source && !document.hidden) this.open(); }, this.reopen);
      this.reopen = Math.min(60000, this.reopen * 2);
    };
  }

  /** Look once more soon: something was sent whose answer should come by the stream. */
  expect() {
    const before = this.last;
    setTimeout(() => { if (this.last === before) this.ask(); }, 2500);
  }

  async tick() {
    let idle = 0;
    for (;;) {
      await new Promise((done) => { setTimeout(done, POLL); });
      idle += POLL;
      if (document.hidden && idle < CHECK) continue;
      if (this.healthy && idle < CHECK) continue;
      idle = 0;
      await this.ask();
    }
  }

  /** The history after what we have; what the stream should have brought but did not makes it count as silent. */
  ask() {
    this.asking = this.asking || this.history().finally(() => { this.asking = null; });
    return this.asking;
  }

  async history() {
    const stop = new AbortController();
    const limit = setTimeout(() => stop.abort(), 10000);
    try {
      const answer = await fetch(`/chat/history?after=${this.last}`, { credentials: "same-origin", signal: stop.signal, cache: "no-store" });
      if (answer.status >= 500) throw new Error(String(answer.status));
      const entries = answer.ok ? await answer.json() : [];  // no conversation yet is no broken line
      const wasOpen = this.healthy;
      let late = 0;
      for (const entry of entries) {
        const old = Date.now() - Date.parse(entry.at) > 2500;
        if (this.take(entry, "history") && old) late += 1;
      }
      if (entries.length) setTimeout(() => this.ask(), 0);
      if (wasOpen && late) this.healthy = false;
      this.failures = 0;
      this.loaded();
      this.line(true);
    } catch (error) {
      this.failures += 1;
      this.loaded();
      if (this.failures > 1 || navigator.onLine === false) this.line(false);
    } finally {
      clearTimeout(limit);
    }
  }
}
