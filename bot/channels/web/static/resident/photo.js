/* A photo is looked at once before it goes. It is drawn anew on the device: smaller for a slow line, and without place. */
import { $, button, make, say } from "./words.js";
import { getBlob } from "./store.js";
import { draw } from "./media.js";

const SIDE = 2000;  // pixels: a letter or a form stays readable
const LIMIT = 10 * 1024 * 1024;

function look(image) {
  const viewer = $("viewer");
  const large = viewer.querySelector("img");
  large.src = image.src;
  large.alt = image.alt;
  viewer.setAttribute("aria-label", image.alt);
  viewer.showModal();
}

/** A picture in a bubble: from the house by address, or drawn from this device's own copy. */
export function picture({ src, id, alt }) {
  if (src) {
    const image = make("img");
    image.alt = alt;
    image.loading = "lazy";
    image.src = src;
    const box = make("button", "photo", image);
    box.type = "button";
    box.addEventListener("click", () => look(image));
    return box;
  }
  const canvas = make("canvas");
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", alt);
  getBlob(id).then((blob) => blob && draw(blob, canvas, 600)).catch(() => canvas.remove());
  return make("div", "photo", canvas);
}

export class Photo {
  constructor({ panel, send, hint }) {
    Object.assign(this, { panel, send, hint });
    $("photo").addEventListener("click", () => this.pick());
    $("file").addEventListener("change", () => this.chosen());
  }

  pick() {
    if (this.panel.waiting) return this.panel.back();
    this.hint(null);
    $("file").click();
  }

  async chosen() {
    const input = $("file");
    const file = input.files[0];
    input.value = "";
    if (!file) return;
    const canvas = make("canvas");
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", say("photo_own"));
    let blob = file;
    try {
      await draw(file, canvas, SIDE);
      blob = await new Promise((done) => { canvas.toBlob(done, "image/jpeg", 0.85); });
    } catch (error) {
      // A kind this browser cannot draw (HEIC): the house looks at the file itself.
      if (!file.type.startsWith("image/")) return this.hint(say("photo_bad"));
      canvas.width = 0;
    }
    if (!blob || blob.size > LIMIT) return this.hint(say("photo_big"));
    const close = this.panel.open("photo",
      make("p", "top", say("photo_ask")), canvas.width ? canvas : null,
      make("div", "row",
        button("", say("cancel"), () => close()),
        button("go", say("send"), () => { close(); this.send({ kind: "photo", blob }); })));
  }
}
