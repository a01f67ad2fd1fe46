/* Speaking: tap to start, tap to stop, listen, send. And the player of a recording. */
import { $, button, icon, make, say } from "./words.js";
import { seconds as shown } from "./clock.js";
import { localAddress } from "./media.js";

const LIMIT = 5 * 60;  // seconds, design §8
const KINDS = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus", "audio/webm"];

function bars() {
  const ns = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(ns, "svg");
  svg.setAttribute("class", "bars");
  svg.setAttribute("viewBox", "0 0 84 20");
  svg.setAttribute("preserveAspectRatio", "none");
  svg.setAttribute("aria-hidden", "true");
  [6, 11, 16, 9, 14, 20, 12, 7, 15, 18, 10, 5].forEach((height, at) => {
    const bar = document.createElementNS(ns, "rect");
    Object.entries({ x: at * 7 + 1, y: (20 - height) / 2, width: 3, height, rx: 1.5, fill: "currentColor" }).forEach(([key, value]) => bar.setAttribute(key, value));
    svg.append(bar);
  });
  return svg;
}

let playing = null;

/** A bubble's player: one button, bars, seconds. One recording sounds at a time. */
export function player({ src, id, blob, seconds }) {
  const control = make("button", "", icon("play"));
  const time = make("time", "", seconds ? shown(seconds) : "");
  const box = make("div", "voice", control, bars(), time);
  let audio = null;
  control.type = "button";
  const label = (on) => {
    control.replaceChildren(icon(on ? "pause" : "play"));
    control.setAttribute("aria-label", on ? say("pause") : say("play", { seconds: seconds ? Math.round(seconds) : "" }));
  };
  label(false);
  control.addEventListener("click", async () => {
    if (audio && !audio.paused) return audio.pause();
    if (!audio) {
      const address = src || (blob ? URL.createObjectURL(blob) : await localAddress(id));
      audio = new Audio(address);
      audio.addEventListener("play", () => label(true));
      ["pause", "ended"].forEach((name) => audio.addEventListener(name, () => { label(false); if (seconds) time.textContent = shown(seconds); }));
      audio.addEventListener("timeupdate", () => { if (!audio.paused) time.textContent = shown(audio.currentTime); });
      audio.addEventListener("error", () => { label(false); time.textContent = say("play_broken"); audio = null; });
    }
    if (playing && playing !== audio) playing.pause();
    playing = audio;
    audio.play().catch(() => label(false));
  });
  return box;
}

export class Voice {
  constructor({ panel, send, hint }) {
    Object.assign(this, { panel, send, hint });
    this.recorder = null;
    $("talk").addEventListener("click", () => (this.recorder ? this.stop() : this.panel.waiting ? this.panel.back() : this.start()));
  }

  /** Something else is asked for: what was said so far is kept for later. */
  putAside() {
    if (!this.recorder) return this.panel.putAside();
    this.after = "aside";
    this.stop();
  }

  async start() {
    if (this.asking) return;
    if (!navigator.mediaDevices || !navigator.mediaDevices.getUserMedia || !window.MediaRecorder) return this.hint(say("mic_none"));
    this.asking = true;
    this.hint(say("mic_allow"));
    try {
      this.stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    } catch (error) {
      return this.hint(say("mic_denied"));
    } finally {
      this.asking = false;
    }
    this.hint(null);
    const type = KINDS.find((kind) => MediaRecorder.isTypeSupported(kind));
    this.recorder = new MediaRecorder(this.stream, type ? { mimeType: type, audioBitsPerSecond: 32000 } : {});
    this.chunks = [];
    this.begun = Date.now();
    this.full = false;
    this.after = "ask";
    this.recorder.ondataavailable = (event) => { if (event.data.size) this.chunks.push(event.data); };
    this.recorder.onstop = () => this.stopped();
    this.recorder.start(1000);
    this.face(true);
    const time = make("time", "", shown(0));
    this.close = this.panel.open("voice",
      make("div", "top", make("i", "dot"), say("recording"), time),
      make("div", "row",
        button("", say("cancel"), () => { this.after = "drop"; this.stop(); }),
        button("go", say("send"), () => { this.after = "send"; this.stop(); })));
    this.clock = setInterval(() => {
      const passed = (Date.now() - this.begun) / 1000;
      time.textContent = shown(passed);
      if (passed >= LIMIT) { this.full = true; this.stop(); }
    }, 250);
    $("talk").focus({ preventScroll: true });
  }

  face(on) {
    const talk = $("talk");
    talk.classList.toggle("on", on);
    talk.replaceChildren(icon(on ? "stop" : "mic"), make("span", "", say(on ? "talk_stop" : "talk")));
  }

  stop() {
    clearInterval(this.clock);
    if (this.recorder && this.recorder.state !== "inactive") this.recorder.stop();
  }

  stopped() {
    const passed = Math.min(LIMIT, (Date.now() - this.begun) / 1000);
    const blob = new Blob(this.chunks, { type: (this.recorder.mimeType || "audio/webm").split(";")[0] });
    this.stream.getTracks().forEach((track) => track.stop());
    this.recorder = null;
    this.face(false);
    this.close();
    if (this.after === "drop") return;
    if (!blob.size || passed < 0.6) return this.after === "aside" ? null : this.hint(say("recording_empty"));
    const done = () => this.send({ kind: "voice", blob, seconds: Math.round(passed) });
    if (this.after === "send") return done();
    const close = this.panel.open("voice",
      make("p", "top", say(this.full ? "recording_full" : "recording_ask")),
      player({ blob, seconds: passed }),
      make("div", "row",
        button("", say("cancel"), () => close()),
        button("go", say("send"), () => { close(); done(); })));
    if (this.after === "aside") this.panel.putAside();
  }
}
