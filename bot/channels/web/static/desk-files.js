// What is no plain words in the talk: voices, photos, files, places; and what is still on its way to us.
import { h, icon } from "./staff-dom.js";
import { t } from "./staff-words.js";

const length = (seconds) => `${Math.floor(Math.round(seconds) / 60)}:${String(Math.round(seconds) % 60).padStart(2, "0")}`;
const KINDS = { voice: "voice", photo: "photo" };

/** Not here yet, or lost on the way: what it is, and what to do. */
function absent(media) {
  const lost = media.state === "lost";
  const kind = KINDS[media.kind] ?? "document";
  return h("p", { class: lost ? "file lost" : "file", "data-key": `m-${media.id}`, "aria-busy": lost ? null : "true" },
    icon(KINDS[media.kind] ?? "file"), h("span", {}, media.name || t(`talk.${kind}`)), h("em", {}, t(lost ? "talk.lost" : "talk.awaited")));
}

function voice(media, theirs) {
  // the player keeps its own inside: a change elsewhere must not stop what is being heard
  return h("div", { class: "voice", "data-key": `m-${media.id}` },
    h("button", { class: "play", "data-act": "play", "data-media": media.id, "data-keep": true, "aria-label": t("talk.play") },
      icon("play"), h("span", {}, t("talk.play"))),
    h("progress", { class: "track", max: "1", value: "0", "aria-label": t("talk.voice"), "data-keep": true, "data-media": media.id }),
    h("span", { class: "len" }, media.seconds ? length(media.seconds) : t("talk.voice")),
    theirs ? h("span", { class: media.heard ? "heard" : "unheard" }, t(media.heard ? "talk.heard" : "talk.unheard")) : null);
}

function photo(media, theirs) {
  return h("button", { class: "photo", "data-act": "photo", "data-media": media.id, "data-key": `m-${media.id}`, title: t("talk.photo_open") },
    h("img", { src: `/desk/api/media/${media.id}`, alt: t(theirs ? "talk.photo_alt" : "talk.photo"), loading: "lazy" }));
}

/** Any other kind is a file to save: nothing of it is opened in the page. */
function file(media) {
  return h("a", { class: "file", href: `/desk/api/media/${media.id}`, download: media.name || "", "data-key": `m-${media.id}` },
    icon("file"), h("span", {}, media.name || t("talk.document")), h("em", {}, t("talk.document_get")));
}

/** `theirs`: the resident sent it; only then is it for us to hear. */
export function mediaOf(media, theirs) {
  if (media.state === "awaited" || media.state === "lost") return absent(media);
  if (media.kind === "photo") return photo(media, theirs);
  return media.kind === "voice" ? voice(media, theirs) : file(media);
}

/** Where somebody is: the words of the place, the figures to type or read out, and this device's own map. */
export function placeOf({ lat, lon, words }) {
  const figures = `${lat}, ${lon}`;
  return h("div", { class: "place" },
    h("p", {}, icon("pin"), h("b", {}, t("talk.place")), words ? h("span", {}, words) : null),
    h("p", { class: "row" }, h("span", { class: "tabular" }, figures),
      h("a", { href: `geo:${lat},${lon}` }, t("talk.place_open")),
      h("button", { class: "link", "data-act": "copy", "data-text": figures }, t("side.copy"))));
}
