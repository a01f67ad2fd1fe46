/* Files that are neither voice nor photo, and files that are still on their way to the house. */
import { icon, make, say } from "./words.js";

const FIRST = 2000;  // ms until it is looked for again; each time twice as long, ten times in all
const LAST = 30000;
const TIMES = 10;

/** A document to save. Nothing of it is opened in the page. */
export function document({ src, file }) {
  const link = make("a", "doc", icon("file"), make("span", "", file || say("document")), make("span", "do", say("document_get")));
  link.href = src;
  link.download = file || "";
  return link;
}

/** It was lost on its way. */
export function absent(own) {
  return make("p", "absent", say(own ? "gone_media" : "lost_media"));
}

/** A place for what is not here yet: `show()` takes it as soon as the house has the file. */
export function whenHere(src, show) {
  const words = make("span", "", say("media_coming"));
  const box = make("div", "coming", words);
  let pause = FIRST;
  let tries = 0;
  const look = async () => {
    tries += 1;
    const answer = await fetch(src, { credentials: "same-origin", headers: { Range: "bytes=0-0" }, cache: "no-store" }).catch(() => null);
    if (answer && answer.ok) return box.replaceChildren(show());
    if (tries >= TIMES) return words.replaceWith(make("span", "", say("media_later")));
    pause = Math.min(LAST, pause * 2);
    return setTimeout(look, pause);
  };
  setTimeout(look, FIRST);
  return box;
}
