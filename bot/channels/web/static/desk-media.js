// Voice and photos. A note counts as heard when it was heard: three seconds of it, or all of a shorter one.
import { h, icon, morph } from "./staff-dom.js";
import { show as showDialog } from "./staff-dialog.js";
import { call } from "./staff-net.js";
import { t } from "./staff-words.js";

const HEARD_AFTER = 3; // seconds
let playing = null; // {id, audio}
const told = new Set();

function show(id, on) {
  for (const button of document.querySelectorAll(`.play[data-media="${CSS.escape(id)}"]`)) {
    button.setAttribute("aria-label", t(on ? "talk.pause" : "talk.play"));
    morph(button, [icon(on ? "pause" : "play"), h("span", {}, t(on ? "talk.pause" : "talk.play"))]);
  }
}

function progress(id, value) {
  for (const bar of document.querySelectorAll(`.track[data-media="${CSS.escape(id)}"]`)) bar.value = value;
}

export async function heard(id, refresh) {
  if (told.has(id)) return;
  told.add(id);
  try {
    await call(`/desk/api/media/${id}/heard`, {});
    refresh();
  } catch {
    told.delete(id); // said again at the next second of playing
  }
}

function failed(id, refresh) {
  show(id, false);
  for (const box of document.querySelectorAll(`.voice[data-key="m-${CSS.escape(id)}"]`)) {
    if (box.nextElementSibling?.classList.contains("media-failed")) continue;
    const own = h("button", { class: "q" }, t("talk.mark_heard"));
    own.addEventListener("click", () => heard(id, refresh));
    box.after(h("div", { class: "media-failed row", "data-key": `mf-${id}`, role: "alert" }, h("span", {}, t("talk.media_failed")),
      h("a", { href: `/desk/api/media/${id}`, download: "" }, t("talk.media_fetch")), own));
  }
}

/** Play or pause; only one plays at a time. */
export function play(id, refresh) {
  if (playing?.id === id) {
    if (playing.audio.paused) playing.audio.play().catch(() => failed(id, refresh));
    else playing.audio.pause();
    return;
  }
  stop();
  const audio = new Audio(`/desk/api/media/${id}`);
  playing = { id, audio };
  audio.addEventListener("play", () => show(id, true));
  audio.addEventListener("pause", () => show(id, false));
  audio.addEventListener("timeupdate", () => {
    if (Number.isFinite(audio.duration) && audio.duration > 0) progress(id, audio.currentTime / audio.duration);
    if (audio.currentTime >= HEARD_AFTER) heard(id, refresh);
  });
  audio.addEventListener("ended", () => {
    show(id, false);
    progress(id, 1);
    heard(id, refresh);
  });
  audio.addEventListener("error", () => failed(id, refresh));
  audio.play().catch(() => { if (audio.error) failed(id, refresh); });
}

export function stop() {
  playing?.audio.pause();
  playing = null;
}

export function photo(id) {
  const dialog = h("dialog", { class: "photo-big", "aria-label": t("talk.photo") },
    h("img", { src: `/desk/api/media/${id}`, alt: t("talk.photo_alt") }),
    h("button", { class: "q", type: "button" }, t("close")));
  dialog.addEventListener("click", () => dialog.close());
  showDialog(dialog);
}
