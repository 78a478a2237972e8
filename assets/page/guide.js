/** A letter's own strokes on the sheet: still, to trace, or as the hand writes them. */

import { number } from './texts.js';

const SVG = 'http://www.w3.org/2000/svg';
const SPEED = 0.9; // units of the sheet in a millisecond
const LIFT = 260; // milliseconds between two strokes
const TAP = 180; // milliseconds for a dot

/** Draw the strokes of a letter, each with an arrow where it sets out. */
export function drawGuide(svg, strokes) {
  const lines = strokes.filter((stroke) => stroke.length > 2);
  svg.replaceChildren(
    ...strokes.map((stroke) => path(stroke, 'guide-ink')),
    ...lines.flatMap(arrow),
    ...(lines.length > 1 ? lines.map(ordinal) : []),
  );
}

export function eraseGuide(svg) {
  svg.replaceChildren();
}

/** Write the strokes one after another; resolves when the last one is written, or stopped. */
export function writeGuide(svg, strokes) {
  const inked = strokes.map((stroke) => path(stroke, 'guide-pen'));
  svg.replaceChildren(...inked);
  let delay = LIFT;
  const moves = inked.map((line, i) => {
    const isDot = strokes[i].length === 2;
    const duration = isDot ? TAP : line.getTotalLength() / SPEED;
    // A dash as long as the line, moved along it: the line grows as under a pen.
    const frames = isDot ? { opacity: [0, 1] } : { strokeDashoffset: [1.05, 0] };
    const move = line.animate(frames, { duration, delay, fill: 'backwards', easing: 'ease-in-out' });
    delay += duration + LIFT;
    return move.finished;
  });
  return Promise.allSettled(moves);
}

function path(stroke, className) {
  const line = document.createElementNS(SVG, 'path');
  line.setAttribute('d', `M${stroke.slice(0, 2)}L${stroke.length > 2 ? stroke.slice(2) : stroke}`);
  if (stroke.length > 2) line.setAttribute('pathLength', 1);
  line.setAttribute('class', className);
  return line;
}

/** A thin arrow along the first part of a stroke. */
function arrow(stroke) {
  const part = Math.max(2, Math.round(stroke.length / 2 / 6));
  const line = path(stroke.slice(0, 2 * part + 2), 'guide-arrow');
  const [x, y, tipX, tipY] = stroke.slice(2 * part - 2, 2 * part + 2);
  const angle = (Math.atan2(tipY - y, tipX - x) * 180) / Math.PI;
  const head = path([-18, -16, 0, 0, -18, 16], 'guide-arrow');
  head.setAttribute('transform', `translate(${tipX} ${tipY}) rotate(${angle})`);
  return [line, head];
}

/** The number of a stroke, beside the place where it sets out. */
function ordinal(stroke, i) {
  const [x, y] = stroke;
  const text = document.createElementNS(SVG, 'text');
  text.setAttribute('x', x + 44);
  text.setAttribute('y', y + 12);
  text.setAttribute('class', 'guide-number');
  text.textContent = number(i + 1);
  return text;
}
