/* The lower half: the present question, its choices, and the constant row. */
import { $, button, icon, make, say } from "./words.js";
import { lines, parted } from "./view.js";
import { numbers } from "./bubbles.js";

const FACES = ["good", "fair", "bad"];

export class Question {
  constructor(acts) {
    this.acts = acts;
    this.sign = null;
    this.phone = document.body.dataset.phone;
  }

  show(view) {
    const { question, waiting, live, started, filed } = view;
    const sign = JSON.stringify([question && question.seq, question && question.text, waiting, live, started, filed, this.phone]);
    if (sign === this.sign) return;
    const asked = this.seq !== (question ? question.seq : null);
    const held = $("dock").contains(document.activeElement) && document.activeElement.closest("#choices, #lesson");
    this.sign = sign;
    this.seq = question ? question.seq : null;
    const root = document.documentElement;
    root.classList.toggle("asking", Boolean(question) || !started);
    root.classList.toggle("danger", Boolean(question && question.tone === "danger"));
    this.row(view);
    this.ask(question, started);
    this.choices(question, waiting, started, live);
    this.hint(waiting ? say("waiting") : null, "wait");
    $("field").placeholder = say(started ? "placeholder" : "placeholder_first");
    // A tapped choice is gone: the keyboard's and the reader's place is the new question, not the top of the page.
    if (held && (asked || waiting)) $("ask").focus({ preventScroll: true });
  }

  row({ question, live, started, filed }) {
    $("live").hidden = !live;
    if (live) $("live").lastElementChild.textContent = say("live", { name: live.name || say("advisor") });
    const back = Boolean(question) && !live;
    $("back").hidden = !back;
    $("where").hidden = back;
    $("where").classList.toggle("later", !started || !filed);
    const tel = Boolean(live && this.phone);
    $("phone").hidden = !tel;
    $("phone").href = `tel:${(this.phone || "").replace(/[^\d+]/g, "")}`;
    $("human").hidden = tel;
  }

  /** Title words of a question: a summary's and a danger's own lines stand in the lesson below. */
  ask(question, started) {
    const box = $("ask");
    const lesson = $("lesson");
    let words = question ? question.text : started ? "" : say("greeting_ask");
    lesson.hidden = true;
    lesson.className = "";
    lesson.replaceChildren();
    if (question && question.tone === "summary") {
      const rows = lines(words);
      const list = make("dl");
      const plain = [];
      for (const row of rows) {
        if (row.label) list.append(make("div", "row", make("dt", "", row.label), make("dd", "", row.value)));
        else plain.push(row.words);
      }
      if (list.childElementCount) {
        words = plain.join("\n");
        lesson.className = "summary";
        lesson.hidden = false;
        lesson.append(list);
      }
    }
    if (question && question.tone === "danger") {
      const rows = question.text.split(/\n+|(?<=[。!?!?])\s*/).filter(Boolean);
      const last = rows.length > 1 && /[??]$/.test(rows[rows.length - 1]) ? rows.pop() : null;
      const { tels } = parted(question.choices);
      words = last || question.text;
      lesson.className = "danger-card";
      lesson.hidden = !last && !tels.length;
      lesson.append(make("p", "top", icon("alert"), make("span", "", say("danger"))));
      if (last) lesson.append(...rows.map((row) => make("p", "", row)));
      lesson.append(...numbers(tels));
      const quick = $("quick");
      quick.hidden = !tels.length;
      if (tels.length) {
        quick.href = tels[0].value;
        quick.textContent = say("call", { number: tels[0].value.replace("tel:", "") });
      }
    } else {
      $("quick").hidden = true;
    }
    box.hidden = !words;
    const heading = $("ask-words");
    if (heading.textContent !== words) heading.textContent = words;
  }

  choices(question, waiting, started, live) {
    const box = $("choices");
    const made = [];
    box.className = "";
    if (question && !waiting) {
      const { answers, commands } = parted(question.choices);
      const face = question.tone === "face" && answers.length > 1 && answers.length <= 3;
      if (face) box.className = "faces";
      answers.forEach((choice, at) => made.push(face ? this.face(choice, at, answers.length) : this.numbered(choice, at, question)));
      for (const choice of commands) made.push(this.one("c quiet", choice, choice.value === "cmd:fix" ? icon("pen") : null));
    }
    if (!question && !started) {
      made.push(button("c quiet", say("start_menu"), () => this.acts.choose({ value: "cmd:menu", label: say("start_menu") })));
    }
    const photo = button("c quiet only-large", say("photo_long"), this.acts.photo, "photo");
    if (!question || question.tone === "question") made.push(photo);
    box.replaceChildren(...made);
    box.scrollTop = 0;
  }

  one(className, choice, ...before) {
    const node = make("button", className, ...before, make("span", "", choice.label));
    node.type = "button";
    node.addEventListener("click", () => this.acts.choose(choice));
    return node;
  }

  numbered(choice, at, question) {
    const first = question.tone === "summary" && at === 0;
    return this.one(first ? "c first" : "c", choice, make("i", "", String(at + 1)), " ");
  }

  face(choice, at, count) {
    const name = FACES.includes(choice.icon) ? choice.icon : count === 2 && at === 1 ? "bad" : FACES[at];
    return this.one(`c ${name}`, choice, icon(name, "face"));
  }

  /** A quiet line above the field; `kind` wait is replaced by the next question by itself. */
  hint(words, kind = "") {
    const node = $("hint");
    if (!words && kind === "wait" && node.className !== "wait") return;
    node.hidden = !words;
    node.className = kind;
    node.textContent = words || "";
  }
}
