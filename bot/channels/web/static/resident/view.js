/* What the page shows, made from entries and outbox alone: pure, so that a late or repeated entry changes nothing. */
import { say } from "./words.js";

const OPEN_TONES = ["question", "summary", "face", "danger"];

const isTel = (choice) => choice.value.startsWith("tel:");

const replies = (entry) => entry.choices.filter((choice) => !isTel(choice)).map((choice) => choice.value).join(" ");

/** The present question (an entry) or null: the contract's rule, last bot entry that asks and that nothing closed. */
export function present(entries) {
  let later = null;  // a danger line that puts no question of its own: the script before it still asks
  let spoken = false;
  for (let at = entries.length - 1; at >= 0; at -= 1) {
    const entry = entries[at];
    if (entry.kind === "human_joined") return later;
    if (entry.kind !== "message") continue;
    if (entry.from === "me") {
      if (later) return later;
      // A script's question is asked once: answered, its card with the numbers stays above.
      if (spoken && lastAsked(entries, at).tone === "danger") return null;
    }
    if (entry.from !== "bot") continue;
    if (entry.tone === "receipt") return later;
    if (OPEN_TONES.includes(entry.tone) && entry.choices) {
      if (entry.tone !== "danger") return later || entry;
      if (later && (!replies(later) || replies(later) === replies(entry))) return replies(entry) ? entry : later;
      if (later) return later;
      later = entry;
    }
    spoken = true;
  }
  return later;
}

/** The last entry before `at` that asked, or an empty one. */
function lastAsked(entries, at) {
  return entries.slice(0, at).reverse().find((entry) => entry.from === "bot" && entry.choices && OPEN_TONES.includes(entry.tone)) || {};
}

/** A danger script → the sentences that come first, and its one question. */
export function script(text) {
  const found = /^([\s\S]*[\u3002!\uff01\n])\s*([^\u3002!\uff01\n]+[?\uff1f])\s*$/.exec(text.trim());
  return { first: (found ? found[1] : text).trim(), question: found ? found[2] : "" };
}

/** What a danger's replies answer: its own question, or that of the script which a short line repeats. */
function asks(entries, question) {
  if (!question || question.tone !== "danger") return "";
  const same = entries.filter((entry) => entry.tone === "danger" && entry.choices && replies(entry) && replies(entry) === replies(question));
  return [question, ...same.reverse()].map((entry) => script(entry.text).question).find(Boolean) || "";
}

/** Whether 返回 leads anywhere: the house says which question is the first of its errand. */
function canGoBack(question) {
  return Boolean(question) && ["question", "summary"].includes(question.tone) && !question.first;
}

/** Who speaks now: {name, title} or null. */
export function live(entries) {
  for (let at = entries.length - 1; at >= 0; at -= 1) {
    const entry = entries[at];
    if (entry.kind === "human_left") return null;
    if (entry.kind === "human_joined") return { name: entry.name, title: entry.title };
  }
  return null;
}

/** {items, question, live, waiting, started, filed}: items in order, own unsent words last. */
export function view({ entries, outbox, liveState, now }) {
  const question = present(entries);
  const human = liveState === undefined ? live(entries) : liveState;
  const edits = new Map();
  const corrected = new Set();  // lines of an advisor that a later one corrects
  const texts = new Map(entries.map((entry) => [entry.seq, entry.text]));
  let seen = null;
  for (const entry of entries) {
    if (entry.kind === "edited" && entry.from === "advisor") corrected.add(entry.ref);
    else if (entry.kind === "edited" && entry.ref) edits.set(entry.ref, entry.text);
    if (entry.kind === "seen" && (!seen || entry.ref >= seen.ref)) seen = entry;
  }
  const waiting = waitingFor(question, human, entries, outbox, now);
  const items = [];
  const ids = new Set();
  let lastMine = null;
  for (const entry of entries) {
    if (entry.kind === "human_joined" || entry.kind === "human_left") {
      items.push({ key: `s${entry.seq}`, type: "turn", entry, at: entry.at });
    }
    if (entry.kind === "edited" && entry.from === "advisor") {
      // A correction stands where it was made: above, nobody would look for it again.
      items.push({ key: `s${entry.seq}`, type: "advisor", entry, at: entry.at, was: entry.original || texts.get(entry.ref) || "", correction: true });
    }
    if (entry.kind !== "message") continue;
    if (entry.from === "me") {
      if (entry.id && ids.has(entry.id)) continue;
      if (entry.id) ids.add(entry.id);
      lastMine = { key: entry.id ? `i${entry.id}` : `s${entry.seq}`, type: "me", entry, at: entry.at, edited: edits.get(entry.seq), mark: "arrived" };
      items.push(lastMine);
    } else if (entry !== question) {
      items.push({ key: `s${entry.seq}`, type: typeOf(entry), entry, at: entry.at, edited: edits.get(entry.seq), corrected: corrected.has(entry.seq) });
    }
  }
  const stuck = outbox.some((item) => item.state === "waiting" && item.tried);
  for (const item of outbox) {
    if (ids.has(item.id)) continue;
    const mark = item.state === "failed" ? "failed" : item.state === "sent" ? "arrived" : stuck ? "retry" : "sending";
    lastMine = { key: `i${item.id}`, type: "me", item, at: item.at, mark };
    items.push(lastMine);
  }
  // One mark, under the last of the person's own words; what did not arrive says so in its own place.
  for (const item of items) {
    if (item.type !== "me" || item.mark !== "arrived") continue;
    const bySeen = seen && item.entry && item.entry.seq <= seen.ref;
    if (item !== lastMine) item.mark = null;
    else if (bySeen && seen.text) item.mark = { seen: seen.text };
  }
  return {
    items, question, waiting, live: human, back: !human && canGoBack(question), asks: asks(entries, question),
    started: items.length > 0 || question !== null,
    filed: entries.some((entry) => entry.tone === "receipt"),
  };
}

/** The house says "receipt" of all that ends a question; the card is for a case's number. */
function typeOf(entry) {
  if (entry.tone === "danger") return "danger";
  return entry.tone === "receipt" && Number.isInteger(entry.number) ? "receipt" : entry.from;
}

/** Answered, but the bot has not spoken since: the choices rest for a moment, so that nobody taps twice. */
function waitingFor(question, human, entries, outbox, now) {
  if (!question || human) return false;
  // In danger the replies rest only after a reply: other words leave number and buttons where they are.
  const rests = (said) => question.tone !== "danger" || question.choices.some((choice) => said.includes(choice.value) || said.includes(choice.label));
  const fresh = outbox.filter((item) => item.state !== "failed" && rests([item.choice, item.label]) && !entries.some((entry) => entry.id === item.id));
  if (fresh.some((item) => item.state === "waiting" || now - item.sentAt < 8000)) return true;
  const mine = entries.filter((entry) => entry.from === "me" && entry.kind === "message").pop();
  const bot = entries.filter((entry) => entry.from === "bot" && entry.kind === "message").pop();
  return Boolean(mine && bot && mine.seq > bot.seq && rests([mine.text]) && now - Date.parse(mine.at) < 8000);
}

/** Choices parted: telephone numbers, numbered answers, commands (never numbered: the house counts answers only). */
export function parted(choices) {
  const tels = (choices || []).filter(isTel);
  const rest = (choices || []).filter((choice) => !isTel(choice));
  const command = ({ value }) => /^(cmd|reopen):/.test(value); // stands beside the answers, without a number
  return { tels, answers: rest.filter((choice) => !command(choice)), commands: rest.filter(command) };
}

/** A summary's lines: {label, value} rows and plain paragraphs; the last paragraph is the question. */
export function lines(text) {
  const rows = [];
  for (const line of (text || "").split("\n").map((one) => one.trim()).filter(Boolean)) {
    const found = /^([^:\uff1a]{1,12})[:\uff1a]\s*(.+)$/.exec(line.replace(/^[·•\-]\s*/, ""));
    rows.push(found ? { label: found[1], value: found[2] } : { words: line });
  }
  return rows;
}
