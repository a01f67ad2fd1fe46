// Two bells made by the browser itself. Browsers stay silent until somebody has touched the page once.
let ctx = null;
let loop = null;
let current = null;
const listeners = new Set();

// [frequency in Hz, start in s, length in s]: red hammers high and fast, a push rises softly.
const BELLS = {
  red: { every: 2500, notes: [[988, 0, 0.22], [740, 0.2, 0.22], [988, 0.4, 0.22], [740, 0.6, 0.5]], loud: 0.5 },
  push: { every: 20000, notes: [[523, 0, 0.5], [659, 0.22, 0.5], [784, 0.44, 0.9]], loud: 0.3 },
};

window.__rings = 0; // how often a bell was asked for: read by the journeys' tests

function context() {
  const Context = window.AudioContext || window.webkitAudioContext;
  if (!ctx && Context) {
    ctx = new Context();
    ctx.addEventListener?.("statechange", () => listeners.forEach((fn) => fn(isOpen())));
  }
  return ctx;
}

export function isOpen() {
  return ctx?.state === "running";
}

export function onChange(fn) {
  listeners.add(fn);
}

/** Try to be allowed to ring; true when it worked. */
export async function open() {
  const audio = context();
  if (!audio) return false;
  try {
    await Promise.race([audio.resume(), new Promise((done) => setTimeout(done, 1000))]);
  } catch { /* not allowed yet: the button stays */ }
  listeners.forEach((fn) => fn(isOpen()));
  return isOpen();
}

function strike(kind) {
  window.__rings += 1;
  const audio = context();
  if (!audio || audio.state !== "running") return;
  const { notes, loud } = BELLS[kind];
  for (const [frequency, start, length] of notes) {
    const at = audio.currentTime + start + 0.02;
    const tone = audio.createOscillator();
    const gain = audio.createGain();
    tone.type = kind === "red" ? "triangle" : "sine";
    tone.frequency.value = frequency;
    gain.gain.setValueAtTime(0, at);
    gain.gain.linearRampToValueAtTime(loud, at + 0.015);
    gain.gain.exponentialRampToValueAtTime(0.001, at + length);
    tone.connect(gain).connect(audio.destination);
    tone.start(at);
    tone.stop(at + length + 0.05);
  }
}

/** Ring one bell over and over until told otherwise: "red", "push", or null for silence. */
export function ring(kind) {
  window.__ringing = kind;
  if (kind === current) return;
  current = kind;
  clearInterval(loop);
  if (!kind) return;
  strike(kind);
  loop = setInterval(() => strike(kind), BELLS[kind].every);
}

export function tryOnce(kind = "push") {
  strike(kind);
}

/** Any first touch of the page opens the bells; the button is for who has not touched it yet. */
export function openOnTouch() {
  const touched = () => open().then((ok) => {
    if (!ok) return;
    for (const name of ["pointerdown", "keydown"]) window.removeEventListener(name, touched, true);
    if (current) strike(current);
  });
  for (const name of ["pointerdown", "keydown"]) window.addEventListener(name, touched, true);
  context();
}
