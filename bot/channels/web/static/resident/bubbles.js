/* One item of the log → one element. */
import { call, button, icon, make, say } from "./words.js";
import { parted } from "./view.js";
import { player } from "./voice.js";
import { picture } from "./photo.js";
import { absent, document as paper, whenHere } from "./files.js";

const paragraph = (text) => make("p", "", text);

/** Words with the case's number set large. */
function numbered(text, number) {
  const [before, ...after] = text.split(new RegExp(`(?<!\\d)${number}(?!\\d)`));
  return after.length ? make("p", "", before, make("b", "", String(number)), after.join(String(number))) : paragraph(text);
}

/** Telephone numbers: the first as a button, the others behind 别的电话. */
export function numbers(tels) {
  if (!tels.length) return [];
  const first = make("div", "tels", call(tels[0]));
  if (tels.length === 1) return [first];
  const more = make("details", "more", make("summary", "", say("more_numbers")), make("div", "tels", ...tels.slice(1).map(call)));
  return [first, more];
}

function media(entry, own) {
  const { id, kind, seconds, state, name: file } = entry.media;
  const name = entry.name || say("advisor");
  const src = `/chat/media/${id}`;
  const show = () => {
    if (kind === "voice") return player({ src, seconds });
    if (kind === "photo") return picture({ src, alt: own ? say("photo_own") : say("photo_from", { name }) });
    return paper({ src, file });
  };
  if (state === "lost") return absent(own);
  return state === "awaited" ? whenHere(src, show) : show();
}

function own(item, acts) {
  const { entry, item: draft } = item;
  const bubble = make("div", "m me");
  if (entry && entry.media) bubble.append(media(entry, true));
  else if (draft && draft.kind === "voice") bubble.append(player({ id: draft.id, seconds: draft.seconds }));
  else if (draft && draft.kind === "photo") bubble.append(picture({ id: draft.id, alt: say("photo_own") }));
  const words = item.edited || (entry ? acts.labelOf(entry.id) || entry.text : draft.label || draft.text);
  if (words) bubble.append(paragraph(words));
  if (item.edited) bubble.append(make("p", "edited", say("mark_edited")));
  const box = make("div", "mine", bubble);
  const mark = typeof item.mark === "object" && item.mark ? item.mark.seen : item.mark && item.mark !== "failed" ? say(`mark_${item.mark}`) : null;
  if (mark) box.append(make("p", typeof item.mark === "object" ? "mark seen" : "mark", mark));
  if (item.mark === "failed") {
    box.append(make("p", "mark bad", draft.say || say(draft.why)));
    box.append(make("div", "fix",
      button("quiet", say("remove"), () => acts.remove(draft)),
      draft.text ? button("", say("fix_text"), () => acts.fix(draft), "pen") : null));
  }
  return box;
}

function advisor(item) {
  const { entry } = item;
  const name = entry.name || say("advisor");
  const who = make("p", "who", make("i", "", [...name][0]), entry.title ? `${name} · ${entry.title}` : name);
  who.firstChild.setAttribute("aria-hidden", "true");
  const tag = item.correction ? make("p", "tag", say("correction")) : null;
  const node = make("div", "m advisor", who, tag, entry.media ? media(entry, false) : null, item.edited || entry.text ? paragraph(item.edited || entry.text) : null);
  if (item.correction && item.was) node.append(make("p", "was", say("was"), make("s", "", item.was)));
  if (item.corrected) node.append(make("p", "edited", say("corrected_below")));
  if (item.edited) node.append(make("p", "edited", say("mark_edited")));
  node.dataset.advisor = entry.seq;
  return node;
}

function receipt({ entry }) {
  const top = make("p", "top", icon("tick"), make("span", "", say("receipt")));
  return make("div", "m receipt", top, numbered(entry.text, entry.number));
}

function danger({ entry }) {
  const top = make("p", "top", icon("alert"), make("span", "", say("danger")));
  return make("div", "m danger-card", top, paragraph(entry.text), ...numbers(parted(entry.choices).tels));
}

function bot(item) {
  const { entry } = item;
  const tels = parted(entry.choices).tels;
  return make("div", "m bot", entry.media ? media(entry, false) : null, entry.text ? paragraph(item.edited || entry.text) : null, ...numbers(tels));
}

const turn = ({ entry }) => make("p", entry.kind === "human_left" ? "turn left" : "turn", make("span", "", entry.text));

const makers = { me: own, advisor, receipt, danger, bot, turn };

/** Whoever speaks that this page does not know yet speaks as the house. */
export const bubble = (item, acts) => (makers[item.type] || bot)(item, acts);
