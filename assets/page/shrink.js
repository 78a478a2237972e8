/** Make a picture small enough to send: a phone's photo is read no better at full size. */

const SIDE = 1600; // pixels, longest side; the recogniser looks at 1024

/** Return the picture as a smaller file, or null where the browser cannot read it. */
export async function shrink(file) {
  let picture;
  try {
    picture = await createImageBitmap(file);
  } catch {
    return null;
  }
  const scale = Math.min(1, SIDE / Math.max(picture.width, picture.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  const context = canvas.getContext('2d');
  context.imageSmoothingQuality = 'high';
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  // WebP keeps transparency, on which white ink may stand; a browser that cannot
  // write it writes PNG.
  const type = file.type === 'image/jpeg' ? 'image/jpeg' : 'image/webp';
  return new Promise((done) => canvas.toBlob(done, type, 0.9));
}

/** Return a file as data URL. */
export function asDataUrl(file) {
  return new Promise((done, failed) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result);
    reader.onerror = () => failed(reader.error);
    reader.readAsDataURL(file);
  });
}
