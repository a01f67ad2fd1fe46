// A photo for the resident: chosen or pasted, looked at once before it goes, drawn anew so that it is small.
import { h } from "./staff-dom.js";
import { ask } from "./staff-dialog.js";
import { call } from "./staff-net.js";
import { toast } from "./staff-parts.js";
import { t } from "./staff-words.js";
import { refresh, state } from "./desk-store.js";
import { newId, sureOfSilence } from "./desk-outbox.js";

const SIDE = 2000; // pixels: a letter or a form stays readable

async function small(file) {
  const image = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, SIDE / Math.max(image.width, image.height));
  const canvas = h("canvas", { width: Math.max(1, Math.round(image.width * scale)), height: Math.max(1, Math.round(image.height * scale)) });
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#fff"; // what is clear in a picture is not black
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(image, 0, 0, canvas.width, canvas.height);
  image.close();
  return new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.88));
}

async function sendPhoto(file) {
  const { id } = state;
  const photo = await small(file).catch(() => null);
  if (state.id !== id) return; // another case was opened meanwhile
  if (!photo) { toast(t("errors.unsupported"), true); return; }
  const own = newId();
  const send = sureOfSilence((confirmed) => {
    const form = new FormData();
    for (const [name, value] of Object.entries({ id: own, ...confirmed })) form.set(name, value);
    form.set("file", photo, "photo.jpg");
    return call(`/desk/api/cases/${encodeURIComponent(id)}/photo`, form);
  });
  const src = URL.createObjectURL(photo);
  const image = h("img", { src, alt: t("dialog.photo_alt"), class: "preview" });
  image.addEventListener("load", () => URL.revokeObjectURL(src));
  ask({
    title: t("dialog.photo_title", { number: state.case?.card.number ?? "" }), lead: t("dialog.photo_lead"), submit: t("dialog.photo_go"),
    body: () => [image],
    onSubmit: async () => {
      const unsure = await send();
      if (!unsure && state.id === id) refresh.case();
      return unsure;
    },
  });
}

/** The button beside the field, and Ctrl+V in it. `may()`: whether a reply can be sent now. */
export function startPhotos(field, may) {
  const chooser = document.getElementById("photo-file");
  document.getElementById("photo-pick").addEventListener("click", () => chooser.click());
  chooser.addEventListener("change", () => {
    const [file] = chooser.files;
    chooser.value = "";
    if (file && may()) sendPhoto(file);
  });
  field.addEventListener("paste", (event) => {
    const file = [...event.clipboardData.files].find((one) => one.type.startsWith("image/"));
    if (!file || !may()) return;
    event.preventDefault();
    sendPhoto(file);
  });
}
