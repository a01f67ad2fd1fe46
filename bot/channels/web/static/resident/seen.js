/* An advisor's words count as seen when they are really on the screen of a visible page. */
export class Seen {
  constructor(root) {
    this.root = root;
    this.top = 0;
    this.sent = 0;
    this.timer = null;
    this.wait = 400;
    this.watched = new WeakSet();
    this.inSight = new Map();
    this.watcher = window.IntersectionObserver
      ? new IntersectionObserver((found) => this.found(found), { root, threshold: [0, 0.25, 0.6, 1] }) : null;
    document.addEventListener("visibilitychange", () => this.count());
  }

  watch() {
    for (const node of this.root.querySelectorAll("[data-advisor]")) {
      if (this.watched.has(node)) continue;
      this.watched.add(node);
      if (this.watcher) this.watcher.observe(node);
    }
  }

  found(list) {
    for (const one of list) {
      const enough = one.intersectionRatio >= 0.6 || one.intersectionRect.height > this.root.clientHeight * 0.5;
      if (one.isIntersecting && enough) this.inSight.set(one.target, Number(one.target.dataset.advisor));
      else this.inSight.delete(one.target);
    }
    this.count();
  }

  count() {
    if (document.hidden) return;
    for (const [node, seq] of this.inSight) if (node.isConnected) this.top = Math.max(this.top, seq);
    if (this.top > this.sent && !this.timer) this.timer = setTimeout(() => this.post(), this.wait);
  }

  async post() {
    const seq = this.top;
    let done = false;
    try {
      const answer = await fetch("/chat/seen", {
        method: "POST", credentials: "same-origin", keepalive: true,
        headers: { "Content-Type": "application/json", "X-Nuanxin": "1" }, body: JSON.stringify({ seq }),
      });
      done = answer.ok || (answer.status >= 400 && answer.status < 500 && answer.status !== 429);
    } catch (error) { done = false; }
    this.timer = null;
    this.wait = done ? 400 : Math.min(30000, this.wait * 2);
    if (done) this.sent = Math.max(this.sent, seq);
    this.count();
  }
}
