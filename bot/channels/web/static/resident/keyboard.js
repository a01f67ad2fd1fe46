/* The on-screen keyboard: the page is as high as what is really visible, and slims down while somebody writes. */
import { $ } from "./words.js";

const LOW = 420;

export function followKeyboard(changed) {
  const root = document.documentElement;
  const view = window.visualViewport;
  const tallest = new Map();  // per width, so that turning the phone is no keyboard
  let written = false;

  function measure() {
    const zoomed = view && view.scale > 1.05;
    const height = Math.round(view && !zoomed ? view.height : innerHeight);
    const top = view && !zoomed ? Math.round(view.offsetTop) : 0;
    root.style.setProperty("--view-height", `${height}px`);
    root.style.setProperty("--view-top", `${top}px`);
    const most = Math.max(tallest.get(innerWidth) || 0, height);
    tallest.set(innerWidth, most);
    const low = height < LOW || height < most * 0.72;
    const typing = written && low && !zoomed;
    if (root.classList.contains("typing") !== typing) {
      root.classList.toggle("typing", typing);
      changed();
    }
  }

  $("field").addEventListener("focus", () => { written = true; measure(); });
  $("field").addEventListener("blur", () => {
    written = false;
    // A tap on 发送 or 找人工 must reach its button before the page moves under the finger.
    setTimeout(measure, 150);
  });
  addEventListener("resize", measure);
  if (view) {
    view.addEventListener("resize", measure);
    view.addEventListener("scroll", measure);
  }
  measure();
}
