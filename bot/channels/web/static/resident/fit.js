/* The present question is whole before anything else: where it does not fit, the extras give way one by one, and only
   then does it scroll, with a fade and a button that says so. */
import { $ } from "./words.js";

const EXTRAS = ["fold-say", "fold-head", "fold-log"];
const root = document.documentElement;
const calm = matchMedia("(prefers-reduced-motion: reduce)");

export class Fit {
  /** `needed()`: whether the field must stay (the answer is written, or somebody is writing). */
  constructor(needed) {
    this.needed = needed;
    this.card = $("card");
    this.card.addEventListener("scroll", () => this.sign());
    this.card.addEventListener("toggle", () => this.run(), true);
    $("below").addEventListener("click", () => {
      this.card.scrollBy({ top: this.card.clientHeight * 0.8, behavior: calm.matches ? "auto" : "smooth" });
    });
  }

  run() {
    const at = this.card.scrollTop;
    root.classList.remove(...EXTRAS, "fold-lesson");
    $("below").hidden = true;
    this.card.removeAttribute("tabindex");
    // Over the keyboard nothing is left to give way but what a summary or a script says before its question.
    const folds = root.classList.contains("typing") ? ["fold-lesson"] : EXTRAS.filter((one) => one !== "fold-say" || !this.needed());
    for (const fold of folds) {
      if (this.whole()) break;
      root.classList.add(fold);
    }
    this.card.scrollTop = at;
    this.sign();
  }

  whole() {
    return [this.card, $("dock")].every((box) => box.scrollHeight <= box.clientHeight + 1);
  }

  /** Show that there is more below, as long as there is. */
  sign() {
    const left = this.card.scrollHeight - this.card.clientHeight - this.card.scrollTop;
    this.card.classList.toggle("cut", left > 8);
    $("below").hidden = left <= 8;
    // What scrolls can be scrolled by keys.
    if (this.card.scrollHeight > this.card.clientHeight + 1) this.card.tabIndex = 0;
    else this.card.removeAttribute("tabindex");
  }
}
