/* Puts the parts of the resident's page together. */
import { $, make, say } from "./words.js";
import * as store from "./store.js";
import { Outbox } from "./outbox.js";
import { Stream } from "./stream.js";
import { view as look, parted } from "./view.js";
import { Talk } from "./talk.js";
import { Question } from "./question.js";
import { Fit } from "./fit.js";
import { Panel } from "./panel.js";
import { Voice } from "./voice.js";
import { Photo } from "./photo.js";
import { Speech } from "./speech.js";
import { Seen } from "./seen.js";
import { followKeyboard } from "./keyboard.js";
import { showTrouble } from "./trouble.js";
import { steady } from "../press.js";

const root = document.documentElement;
const field = $("field");
const house = { entries: [], liveState: undefined, stateAt: 0, up: true, expired: false, loaded: false, kept: true };
let shown = null;
let tapped = { value: null, at: 0 };
let drawing = 0;

/* ---- drawing, at most once a frame ---- */
function redraw(mine = false) {
  house.mine = house.mine || mine;
  if (drawing) return;
  drawing = setTimeout(() => {
    drawing = 0;
    draw();
  }, 0);
}

const draw = steady(() => {
  const entries = [...house.entries].sort((a, b) => a.seq - b.seq);
  shown = look({ entries, outbox: outbox.items, liveState: house.liveState, now: Date.now() });
  greet();
  const before = question.seq;
  const drawn = question.show(shown);
  // A safety script comes whole, its number first: an empty field lets go of the keyboard and of its place.
  if (question.seq !== before && root.classList.contains("danger") && !field.value) field.blur();
  if (question.seq && question.seq !== before && !voice.recorder) panel.putAside();
  if (drawn) refit();
  const trouble = showTrouble({ pending: outbox.pending, up: house.up, expired: house.expired, kept: house.kept });
  talk.show(shown.items, house.mine || trouble);
  if (trouble) talk.reveal($("trouble"));
  house.mine = false;
  seen.watch();
  if (shown.waiting) setTimeout(redraw, 1500);
});

/** Until the first word the greeting's question is the page's question; then it stays above as it was said. */
function greet() {
  const box = $("greeting");
  if (shown.started && box.childElementCount === 1) box.append(make("p", "", say("greeting_ask")));
}

/* ---- what the person does ---- */
const acts = {
  choose: (choice) => {
    // Trembling hands tap twice.
    if (choice.value === tapped.value && performance.now() - tapped.at < 500) return;
    tapped = { value: choice.value, at: performance.now() };
    speech.quiet();
    send({ choice: choice.value, label: choice.label });
  },
  photo: () => photo.pick(),
  remove: (item) => outbox.drop(item),
  fix: (item) => {
    field.value = item.text;
    outbox.drop(item);
    typed();
    field.focus();
  },
  labelOf: (id) => store.get(`nx.label.${id}`) || "",
};

async function send(body) {
  question.hint(null);
  const id = await outbox.add(body);
  if (body.label) store.set(`nx.label.${id}`, body.label);
}

function sendField() {
  const text = field.value;
  if (!text.trim()) return field.focus();
  field.value = "";
  typed();
  speech.quiet();
  // Writing is over: the keyboard goes and the question's choices come back. In a talk with a human it stays.
  if (root.classList.contains("typing") && root.classList.contains("asking")) field.blur();
  return send({ text });
}

/** What stands in the field survives a reload, and the field grows with it. */
function typed() {
  if (field.value) store.set("nx.draft", field.value);
  else store.remove("nx.draft");
  field.style.height = "";
  if (field.value) field.style.height = `${field.scrollHeight + 4}px`;
}

/** The question whole, and the log where it was. */
function refit() {
  const { stuck } = talk;
  fit.run();
  if (root.classList.contains("fold-say") && $("say").contains(document.activeElement)) $("ask").focus({ preventScroll: true });
  if (stuck) talk.bottom();
}

/** The field stays where the answer is written, and under the hands of who is writing. */
function fieldNeeded() {
  const choices = shown && shown.question ? parted(shown.question.choices).answers : [];
  return !choices.length || Boolean(field.value) || ["field", "photo"].includes(document.activeElement.id);
}

/* ---- what happens to it ---- */
function changed(item, what, more) {
  if (what === "added") house.kept = store.keeps() && more.kept;
  if (what === "retry") item.slow = true;
  if (what === "renew") location.reload();
  if (what === "expired") house.expired = true;
  if (what === "sent") {
    house.expired = false;
    item.slow = false;
    stream.expect();
  }
  redraw(what === "added");
}

function entry(one) {
  house.entries.push(one);
  if (one.id && one.from === "me") outbox.seen(one.id);
  if (one.kind.startsWith("human_") && Date.now() - house.stateAt > 2000) house.liveState = undefined;
  redraw();
}

function state(one) {
  house.liveState = one.live || null;
  house.stateAt = Date.now();
  if (one.phone) question.phone = one.phone;
  redraw();
}

function line(up) {
  if (up && !house.up) outbox.hurry();
  if (house.up !== up) { house.up = up; redraw(); }
}

/* ---- 读给我听 ---- */
function questionWords() {
  if (!shown || !shown.question) return $("ask").hidden ? "" : $("ask-words").textContent;
  const { answers, commands } = parted(shown.question.choices);
  const spoken = answers.map((choice, at) => `${at + 1},${choice.label}。`).concat(commands.map((choice) => `${choice.label}。`));
  return [shown.question.text, ...spoken].join("\n");
}

function newestWords() {
  const items = shown ? shown.items : [];
  let at = items.length;
  while (at > 0 && items[at - 1].type !== "me") at -= 1;
  const words = items.slice(at).map((item) => item.entry.text);
  const all = [at === 0 ? say("greeting") : "", ...words, questionWords()].filter(Boolean).join("\n");
  // Nothing new since the person's own last words: read what was said before them.
  return all || items.filter((item) => item.type !== "me").slice(-1).map((item) => item.entry.text).join("\n");
}

/* ---- 大字 ---- */
function large(on) {
  root.classList.toggle("large", on);
  $("large").setAttribute("aria-pressed", String(on));
  store.set("nx.large", on ? "1" : "0");
  question.placeholder();
  typed();
  talk.stuck = true;
  refit();
}

const outbox = new Outbox(changed);
const question = new Question(acts);
const talk = new Talk(acts);
const seen = new Seen($("log"));
const speech = new Speech({ newest: newestWords, question: questionWords });
const fit = new Fit(fieldNeeded);
const panel = new Panel(refit);
const hint = (words) => { question.hint(words); refit(); };
const media = (body) => send(body);
const voice = new Voice({ panel, hint, send: media });
const photo = new Photo({ panel, hint, send: media });
const stream = new Stream({ entry, state, line, loaded: () => {
  if (house.loaded) return;
  house.loaded = true;
  $("log").removeAttribute("aria-busy");
  redraw();
} });

$("large").addEventListener("click", () => large(!root.classList.contains("large")));
$("large").setAttribute("aria-pressed", String(root.classList.contains("large")));
$("say").addEventListener("submit", (event) => { event.preventDefault(); sendField(); });
$("always").addEventListener("click", (event) => {
  const command = event.target.closest("[data-command]");
  if (!command) return;
  voice.putAside();
  acts.choose({ value: command.dataset.command, label: command.textContent.trim() });
});
$("write").addEventListener("click", () => {
  root.classList.remove("fold-say");
  field.focus();
  refit();
});
// A tap beside the field must reach its button before the page moves under the finger.
$("say").addEventListener("focusout", () => setTimeout(steady(refit), 200));
addEventListener("resize", refit);
field.addEventListener("input", typed);
field.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
  event.preventDefault();
  sendField();
});
$("safety").open = false;
$("log").setAttribute("aria-busy", "true");
root.classList.add("js", "ready");
field.value = field.value || store.get("nx.draft") || "";
followKeyboard(() => { typed(); talk.stuck = true; refit(); });
typed();
redraw();
outbox.run();
stream.start();
export { voice };
