/** Make a picture small enough to send: a phone's photo is read no better at full size. */

const SIDES = [1600, 1024, 700]; // pixels, longest side; the recogniser looks at 1024

/** Return the picture as a file of at most so many bytes if it can be, null if it cannot be read. */
export async function shrink(file, most) {
  let picture;
  try {
    picture = await createImageBitmap(file);
  } catch {
    return null;
  }
  let small = null;
  for (const side of SIDES) {
    small = await reduced(picture, side, file.type);
    if (small?.size <= most) break;
  }
  picture.close();
  return small;
}

async function reduced(picture, side, type) {
  const scale = Math.min(1, side / Math.max(picture.width, picture.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  const context = canvas.getContext('2d');
  context.imageSmoothingQuality = 'high';
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  if (type === 'image/jpeg') return written(canvas, type);
  // WebP keeps transparency, on which white ink may stand; a browser that cannot write it
  // writes PNG, which is small for few colours alone.
  const kept = await written(canvas, 'image/webp');
  if (kept?.type !== 'image/png' || !isOpaque(context)) return kept;
  return written(canvas, 'image/jpeg');
}

function isOpaque(context) {
  const { data } = context.getImageData(0, 0, context.canvas.width, context.canvas.height);
  for (let i = 3; i < data.length; i += 4) if (data[i] < 255) return false;
  return true;
}

function written(canvas, type) {
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
