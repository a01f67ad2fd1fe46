/* One panel at a time above the constant row: recording, listening again, the photo to be sent. A new question does not
   wait behind it: what was begun is put aside, whole, behind one button. */
import { $, icon, make, say } from "./words.js";

const ICONS = { voice: "mic", photo: "photo" };

export class Panel {
  /** `changed()` after every opening and closing. */
  constructor(changed) {
    this.changed = changed;
    this.kind = null;
    $("aside").addEventListener("click", () => this.back());
  }

  /** Something half-made is put aside. */
  get waiting() { return this.kind !== null && $("panel").hidden; }

  /** Show `children`; the answer closes it for good. */
  open(kind, ...children) {
    this.kind = kind;
    $("panel").replaceChildren(...children.filter(Boolean));
    this.show(true);
    return () => {
      this.kind = null;
      $("panel").replaceChildren();
      this.show(false);
      $("talk").focus({ preventScroll: true });
    };
  }

  back() {
    if (this.waiting) this.show(true);
  }

  /** The question comes first; nothing of what was begun is lost. */
  putAside() {
    if (!this.kind || this.waiting) return;
    $("aside").replaceChildren(icon(ICONS[this.kind]), make("span", "", say(`aside_${this.kind}`)));
    this.show(false);
  }

  show(on) {
    $("panel").hidden = !on;
    $("aside").hidden = !this.waiting;
    document.documentElement.classList.toggle("busy", on);
    this.changed();
    const go = on && $("panel").querySelector(".go");
    if (go) go.focus({ preventScroll: true });
  }
}
