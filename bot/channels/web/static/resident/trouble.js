/* When something does not get through: kind words, the safety sentences that stand in the page, a number. */
import { $, button, call, make, say } from "./words.js";
import { signs } from "./danger.js";

const EVERYBODY = "120";

/** `pending` own items not sent yet, `up` whether the line stands, `expired` whether the page is too old. */
export function showTrouble({ pending, up, expired, kept }) {
  const box = $("trouble");
  const stuck = pending.filter((item) => item.tried || item.slow);
  if (!stuck.length && up && !expired) {
    box.hidden = true;
    box.dataset.sign = "";
    document.documentElement.classList.remove("unheard");
    return false;
  }
  // What waits behind something that did not get through may be what matters.
  const kinds = stuck.length ? [...new Set(pending.flatMap((item) => signs(item.text || item.label)))] : [];
  const sign = JSON.stringify([kinds, stuck.length > 0, up, expired, kept]);
  if (box.dataset.sign === sign) return false;
  box.dataset.sign = sign;
  const made = [make("p", "", say(expired ? "expired" : stuck.length ? "not_sent" : "offline"))];
  if (expired) made.push(button("", say("reload"), () => location.reload()));
  if (stuck.length && !kept) made.push(make("p", "", say("not_kept")));
  const sections = kinds.map((kind) => document.querySelector(`#safety [data-kind="${kind}"]`)).filter(Boolean);
  // Safety first: the sentence and its number stand above everything else.
  if (stuck.length && sections.length) made.unshift(...sections.map(danger));
  else if (stuck.length) made.push(urgent());
  const bare = stuck.length > 0 && sections.length > 0;
  box.className = bare ? "bare" : "";
  // The question that stood there waits: its place is the number's (dock.css).
  document.documentElement.classList.toggle("unheard", bare);
  box.replaceChildren(...made);
  box.hidden = false;
  return true;
}

function danger(section) {
  const copy = section.cloneNode(true);
  copy.className = "danger-card";
  return copy;
}

function urgent() {
  const phone = document.body.dataset.phone;
  return make("div", "inline",
    call({ value: `tel:${EVERYBODY}`, label: say("urgent_call", { number: EVERYBODY }) }),
    phone ? call({ value: `tel:${phone}`, label: say("call", { number: phone }) }) : null);
}
