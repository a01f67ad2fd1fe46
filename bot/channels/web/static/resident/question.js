/* The lower half: the present question, its choices, and the constant row. */
import { $, button, icon, make, say } from "./words.js";
import { lines, parted, script } from "./view.js";
import { numbers } from "./bubbles.js";

const FACES = ["good", "fair", "bad"];

export class Question {
  constructor(acts) {
    this.acts = acts;
    this.sign = null;
    this.touched = -Infinity;
    $("dock").addEventListener("pointerdown", () => { this.touched = performance.now(); });
    this.phone = document.body.dataset.phone;
  }

  show(view) {
    const { question, waiting, live, started, filed, back, asks } = view;
    const sign = JSON.stringify([question && question.seq, question && question.text, waiting, live, started, filed, back, asks, this.phone]);
    if (sign === this.sign) return false;
    const asked = this.seq !== (question ? question.seq : null);
    const held = $("dock").contains(document.activeElement) && document.activeElement.closest("#choices, #lesson");
    this.sign = sign;
    this.seq = question ? question.seq : null;
    const root = document.documentElement;
    root.classList.toggle("asking", Boolean(question) || !started);
    root.classList.toggle("danger", Boolean(question && question.tone === "danger"));
    this.row(view);
    this.ask(question, started, asks);
    if (asked) $("card").scrollTop = 0;
    this.choices(question, waiting, started);
    this.hint(waiting ? say("waiting") : null, "wait");
    this.placeholder(started);
    // A tapped choice is gone: the keyboard's and the reader's place is the new question, not the top of the page.
    if (held && (asked || waiting)) $("ask").focus({ preventScroll: true });
    return true;
  }

  /** In 大字 on a narrow screen the field holds three characters beside the photo button. */
  placeholder(started = this.started) {
    this.started = started;
    const narrow = innerWidth < 480 && document.documentElement.classList.contains("large");
    $("field").placeholder = say(narrow ? "placeholder_short" : started ? "placeholder" : "placeholder_first");
  }

  row({ live, back }) {
    $("live").hidden = !live;
    if (live) $("live").lastElementChild.textContent = say("live", { name: live.name || say("advisor") });
    $("back").hidden = !back;
    $("where").hidden = back;
    const tel = Boolean(live && this.phone);
    $("phone").hidden = !tel;
    $("phone").href = `tel:${(this.phone || "").replace(/[^\d+]/g, "")}`;
    $("human").hidden = tel;
  }

  /** The question's words; what a summary or a danger says before them stands in the lesson above. */
  ask(question, started, asks) {
    let words = question ? question.text : started ? "" : say("greeting_ask");
    let lesson = { className: "", nodes: [] };
    if (question && question.tone === "summary") [lesson, words] = summary(question.text);
    if (question && question.tone === "danger") [lesson, words] = [danger(question.text), asks];
    $("lesson").className = lesson.className;
    $("lesson").replaceChildren(...lesson.nodes);
    $("lesson").hidden = !lesson.nodes.length;
    const tels = question ? parted(question.choices).tels : [];
    $("tels").replaceChildren(...numbers(tels));
    $("tels").hidden = !tels.length;
    $("quick").hidden = !tels.length;
    if (tels.length) {
      $("quick").href = tels[0].value;
      $("quick").textContent = say("call", { number: tels[0].value.replace("tel:", "") });
    }
    $("ask").hidden = !words;
    if ($("ask-words").textContent !== words) $("ask-words").textContent = words;
  }

  choices(question, waiting, started) {
    const box = $("choices");
    const made = [];
    box.className = "";
    if (question && !waiting) {
      const { answers, commands } = parted(question.choices);
      const face = question.tone === "face" && answers.length > 1 && answers.length <= 3;
      box.className = face ? "faces" : question.tone === "question" ? "" : "side";
      answers.forEach((choice, at) => made.push(face ? this.face(choice, at, answers.length) : this.numbered(choice, at, question)));
      for (const choice of commands) made.push(this.one(answers.length ? "c quiet" : "c", choice, choice.value === "cmd:fix" ? icon("pen") : null));
    }
    if (!question && !started) {
      made.push(button("c menu", say("start_menu"), () => this.acts.choose({ value: "cmd:menu", label: say("start_menu") }), "list"));
    }
    box.replaceChildren(...made);
    this.rest(made);
  }

  /** A new question just where a finger has tapped: its answers rest, so that a second tap does not answer it. */
  rest(made) {
    if (performance.now() - this.touched > 1000) return;
    for (const node of made) node.disabled = true;
    setTimeout(() => { for (const node of made) node.disabled = false; }, 400);
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
    const drawn = (choice.icon || "").replace("face_", "");
    const name = FACES.includes(drawn) ? drawn : count === 2 && at === 1 ? "bad" : FACES[at];
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

/** A summary → what stands in the lesson, and the question that ends it. */
function summary(text) {
  const rows = lines(text);
  if (!rows.some((row) => row.label)) return [{ className: "", nodes: [] }, text];
  const last = rows[rows.length - 1].label ? null : rows.pop().words;
  const nodes = [];
  let list = null;
  for (const row of rows) {
    if (!row.label) {
      nodes.push(make("p", "", row.words));
      list = null;
      continue;
    }
    if (!list) nodes.push(list = make("dl"));
    list.append(make("div", "row", make("dt", "", row.label), make("dd", "", row.value)));
  }
  return [{ className: "summary", nodes }, last || ""];
}

/** A danger script → its first sentences; its question stands with the replies. */
function danger(text) {
  return { className: "danger-card", nodes: [icon("alert"), make("p", "", script(text).first)] };
}
