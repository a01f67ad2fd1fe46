/* Where a recording or photo comes from: the house, or this device while it is on its way. */
import { getBlob } from "./store.js";

/** A playable address for own media not sent yet; blob: addresses are allowed for media only. */
export async function localAddress(id) {
  const blob = await getBlob(id);
  return blob ? URL.createObjectURL(blob) : null;
}

/** Draw an image file into a canvas no larger than `most` pixels a side; throws where it is no image. */
export async function draw(blob, canvas, most) {
  const image = await createImageBitmap(blob, { imageOrientation: "from-image" });
  const scale = Math.min(1, most / Math.max(image.width, image.height));
  canvas.width = Math.max(1, Math.round(image.width * scale));
  canvas.height = Math.max(1, Math.round(image.height * scale));
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  image.close();
}
