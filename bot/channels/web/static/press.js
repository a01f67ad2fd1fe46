// Nothing moves under a finger that is down: a button that is redrawn or shifted between press and release
// gets no click, and an old or shaking hand presses long. Bells and what is sent do not wait, only drawing does.
const LONGEST = 5000; // ms; who keeps a finger down longer is not pressing any more
const AFTER = 100; // ms; on a touch screen the click comes a moment after the finger has gone
const waiting = new Set();
let pressed = 0; // the timer that ends the press; 0 while nobody presses

function over() {
  clearTimeout(pressed);
  pressed = 0;
  for (const draw of waiting) queueMicrotask(draw); // one that fails stops no other
  waiting.clear();
}

function within(ms) {
  clearTimeout(pressed);
  pressed = setTimeout(over, ms);
}

addEventListener("pointerdown", () => within(LONGEST), true);
addEventListener("pointerup", () => within(AFTER), true);
addEventListener("pointercancel", over); // it became a scroll
addEventListener("click", () => { if (pressed) over(); }); // after the button's own listeners

/** → a function that draws at once, or once when the press that is under way has ended. */
export function steady(draw) {
  return () => {
    if (pressed) waiting.add(draw);
    else draw();
  };
}
