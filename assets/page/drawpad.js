/**
 * The drawing surface. Its value: { strokes: [[x0, y0, x1, y1, …], …], pen, turn },
 * points in 0 to 1000 of the surface, or null when the sheet is blank.
 */

import { ask } from './turns.js';
import { followPen } from './pen.js';
import { localize } from './texts.js';

// The sheet has as many pixels as the strokes have units, so points need no scaling.
const SIZE = 1000;
const INK = '#14181f';

export function mount(element, { props, trigger }) {
  localize(element);
  const canvas = element.querySelector('.paper');
  const paper = canvas.getContext('2d');
  const undo = element.querySelector('.undo');
  const clear = element.querySelector('.clear');
  let strokes = [];
  let current = null; // the stroke under the pen
  let turn = 0; // undo and clear make another drawing, a further stroke does not
  let timer = null;
  let frame = null;

  function paint() {
    frame = null;
    paper.clearRect(0, 0, SIZE, SIZE);
    paper.lineWidth = props.pen * SIZE;
    for (const stroke of strokes) ink(paper, stroke);
    if (current) ink(paper, current);
  }

  function refresh() {
    frame ??= requestAnimationFrame(paint);
    const blank = !strokes.length && !current;
    element.firstElementChild.classList.toggle('blank', blank);
    undo.disabled = clear.disabled = blank;
  }

  function send() {
    clearTimeout(timer);
    timer = null;
    const drawn = current ? [...strokes, current] : strokes;
    ask(element, { turn, blank: !drawn.length });
    props.value = drawn.length
      ? { strokes: drawn.map((stroke) => [...stroke]), pen: props.pen, turn }
      : null;
    trigger('input');
  }

  function change(kept) {
    if (!strokes.length) return;
    strokes = kept;
    turn += 1;
    refresh();
    send();
  }

  followPen(canvas, SIZE, {
    down(stroke) {
      current = stroke;
      refresh();
    },
    move() {
      refresh();
      timer ??= setTimeout(send, props.live_every);
    },
    up() {
      strokes = [...strokes, current];
      current = null;
      refresh();
      send();
    },
  });
  undo.addEventListener('click', () => change(strokes.slice(0, -1)));
  clear.addEventListener('click', () => change([]));
  element.addEventListener('keydown', (event) => {
    if (current) return;
    const z = (event.ctrlKey || event.metaKey) && event.code === 'KeyZ';
    if (z) change(strokes.slice(0, -1));
    else if (event.key === 'Escape' || event.key === 'Delete') change([]);
    else return;
    event.preventDefault();
  });
  refresh();
}

/** Draw one stroke as a smooth line, a single point as a dot. */
function ink(paper, stroke) {
  paper.strokeStyle = INK;
  paper.lineCap = paper.lineJoin = 'round';
  paper.beginPath();
  paper.moveTo(stroke[0], stroke[1]);
  // Curves from middle to middle of the pieces: a fast hand leaves few points.
  for (let i = 2; i + 3 < stroke.length; i += 2) {
    const [x, y, nextX, nextY] = stroke.slice(i, i + 4);
    paper.quadraticCurveTo(x, y, (x + nextX) / 2, (y + nextY) / 2);
  }
  const [x, y] = stroke.slice(-2);
  paper.lineTo(x + 0.01, y); // a line of no length at all would leave no dot
  paper.stroke();
}
