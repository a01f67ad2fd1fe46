/* 读给我听, by the browser's own voice. Hidden where it has none. */
import { $, make, say } from "./words.js";

const voice = window.speechSynthesis && window.SpeechSynthesisUtterance ? window.speechSynthesis : null;

export class Speech {
  /** `newest()` gives the words to read from the header, `question()` those beside the question. */
  constructor({ newest, question }) {
    this.on = null;
    if (!voice) {
      document.documentElement.classList.add("mute");
      return;
    }
    $("read").hidden = false;
    $("read-ask").hidden = false;
    $("read").addEventListener("click", () => this.toggle($("read"), newest));
    $("read-ask").addEventListener("click", () => this.toggle($("read-ask"), question));
    addEventListener("pagehide", () => voice.cancel());
  }

  toggle(control, words) {
    const again = this.on === control;
    this.quiet();
    if (again) return;
    const text = words().trim();
    if (!text) return;
    this.on = control;
    this.show();
    const speech = new SpeechSynthesisUtterance(text);
    speech.lang = document.documentElement.lang.startsWith("zh") ? "zh-CN" : document.documentElement.lang;
    speech.rate = 0.85;
    const done = () => { if (this.speech === speech) this.quiet(); };
    speech.onend = done;
    speech.onerror = done;
    this.speech = speech;
    voice.speak(speech);
  }

  quiet() {
    this.speech = null;
    this.on = null;
    if (voice) voice.cancel();
    this.show();
  }

  show() {
    const header = $("read");
    header.replaceChildren(make("span", "", say(this.on === header ? "read_stop" : "read")));
    $("read-ask").setAttribute("aria-pressed", String(this.on === $("read-ask")));
  }
}
