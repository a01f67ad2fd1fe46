/* The log: keeps the elements in step with the view, keeps the newest words in sight. */
import { $, make } from "./words.js";
import { bubble } from "./bubbles.js";
import { clock, dayOf, daytime } from "./clock.js";

const GAP = 3600 * 1000;

export class Talk {
  constructor(acts) {
    this.acts = acts;
    this.nodes = new Map();
    this.log = $("log");
    this.box = $("lines");
    this.newer = $("newer");
    this.first = true;
    this.stuck = true;  // the end is in sight, unless the person has scrolled away from it
    this.newer.addEventListener("click", () => this.bottom());
    this.log.addEventListener("scroll", () => {
      this.stuck = this.atBottom();
      if (this.stuck) this.newer.hidden = true;
    });
    if (window.ResizeObserver) new ResizeObserver(() => { if (this.stuck) this.end(); }).observe(this.log);
  }

  atBottom() { return this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < 80; }

  bottom() {
    this.stuck = true;
    this.newer.hidden = true;
    this.end();
  }

  /** The end of the log; where that is a danger's card, its first number is what must be seen. */
  end() {
    this.log.scrollTop = this.log.scrollHeight;
    const last = this.box.lastElementChild;
    const number = last && last.matches(".danger-card") && $("trouble").hidden ? last.querySelector(".tels") : null;
    if (number) this.log.scrollTop = number.offsetTop + number.offsetHeight + 8 - this.log.clientHeight;
  }

  /** Bring the end into sight, or the beginning of `node` where it is taller than the log. */
  reveal(node) {
    this.bottom();
    if (node.offsetHeight > this.log.clientHeight) this.log.scrollTop = node.offsetTop - 4;
  }

  /** Show the items; `mine` says that the person has just spoken, which always brings the end into sight. */
  show(items, mine) {
    const follow = this.first || mine || this.stuck;
    const rows = this.dated(items);
    const keep = new Set(rows.map((row) => row.key));
    let fresh = null;
    for (const [key, held] of this.nodes) {
      if (!keep.has(key)) { held.node.remove(); this.nodes.delete(key); }
    }
    let before = this.box.firstElementChild;
    for (const row of rows) {
      const sign = signature(row);
      let held = this.nodes.get(row.key);
      if (!held || held.sign !== sign) {
        const node = row.type === "day" ? make("p", "day", row.words) : bubble(row, this.acts);
        if (held) {
          if (before === held.node) before = node;
          held.node.replaceWith(node);
        } else {
          if (!this.first) node.classList.add("fresh");
          fresh = row;
        }
        held = { node, sign };
        this.nodes.set(row.key, held);
      }
      if (held.node === before) before = before.nextElementSibling;
      else this.box.insertBefore(held.node, before);
    }
    if (items.length) this.first = false;
    if (follow) this.bottom();
    else if (fresh && fresh.type !== "me" && fresh.type !== "day") this.newer.hidden = false;
  }

  /** Day lines between the items, and a time after an hour's silence. */
  dated(items) {
    const rows = [];
    let last = null;
    for (const item of items) {
      if (!last || dayOf(last.at) !== dayOf(item.at)) rows.push({ key: `d${item.key}`, type: "day", words: daytime(item.at) });
      else if (Date.parse(item.at) - Date.parse(last.at) > GAP) rows.push({ key: `d${item.key}`, type: "day", words: clock(item.at) });
      rows.push(item);
      last = item;
    }
    return rows;
  }
}

/** What would change the element; media keep their element (and their playing) while nothing of this changes. */
function signature(row) {
  const { entry, item } = row;
  return JSON.stringify([row.type, row.words, row.mark, row.edited, row.corrected, entry ? entry.text : null, entry ? entry.media : null, item ? [item.state, item.why, item.say] : null]);
}
