/** What an answer rests on, drawn over the drawing or picture itself. */

const COLOUR = [232, 88, 0]; // of the hottest ink, by day and by night

/**
 * Draw heat, 64×64 bytes, over the square of the surface that it belongs to; false where that
 * cannot be seen, for the browser does not show the picture.
 */
export function showHeat(view, { heat, square }) {
  const canvas = view.querySelector('.heat');
  const values = Uint8Array.from(atob(heat), (character) => character.charCodeAt(0));
  const picture = new ImageData(canvas.width, canvas.height);
  values.forEach((value, i) => picture.data.set([...COLOUR, value], 4 * i));
  canvas.getContext('2d').putImageData(picture, 0, 0);
  const [left, top, width, height] = within(frame(view), square);
  Object.assign(canvas.style, {
    left: `${100 * left}%`,
    top: `${100 * top}%`,
    width: `${100 * width}%`,
    height: `${100 * height}%`,
  });
  canvas.hidden = false;
  return getComputedStyle(canvas).display !== 'none'; // also while another view is shown
}

export function hideHeat(view) {
  view.querySelector('.heat').hidden = true;
}

/** Where on the square surface the drawing is, in shares of it: a picture keeps its shape. */
function frame(view) {
  const picture = view.querySelector('.yours');
  if (!picture?.naturalWidth) return [0, 0, 1, 1];
  const longest = Math.max(picture.naturalWidth, picture.naturalHeight);
  const [width, height] = [picture.naturalWidth / longest, picture.naturalHeight / longest];
  return [(1 - width) / 2, (1 - height) / 2, width, height];
}

function within([left, top, width, height], [x, y, w, h]) {
  return [left + x * width, top + y * height, w * width, h * height];
}
