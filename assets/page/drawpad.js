/**
 * The drawing surface. Its value: { strokes: [[x0, y0, x1, y1, …], …], pen, turn },
 * points in 0 to 1000 of the surface, or null when the sheet is blank.
 *
 * Props: `pens`, widths in 0 to 1 of the surface; `live_every`, milliseconds; `keep`,
 * whether the drawing survives a reload of the page (not the closing of its tab).
 */

import { ANSWERED, ask, changed, WIPE } from './turns.js';
import { followPen } from './pen.js';
import { History } from './history.js';
import { ink } from './ink.js';
import { localize } from './texts.js';
import { recall, remember } from './memory.js';
import { choosePen } from './pens.js';
import { followScheme, inkOn } from './scheme.js';

// The sheet has as many pixels as the strokes have units, so points need no scaling.
const SIZE = 1000;
// Of a drawing with more numbers, which is no letter, nothing is read until the pen lifts.
const LIVE_MOST = 1000;

export function mount(element, { props, trigger }) {
  localize(element);
  const [canvas, undo, redo, clear] = ['.paper', '.undo', '.redo', '.clear'].map((selector) =>
    element.querySelector(selector),
  );
  const paper = canvas.getContext('2d');
  const kept = `harf-drawing-${element.closest('.view').id}`;
  let drawing = new History(props.keep ? drawn(recall('sessionStorage', kept)) : []);
  let current = null; // the stroke under the pen
  let turn = -1; // which question it was; see turns.js
  let since = 0; // a further stroke goes on with the drawing, everything else makes another one
  let pen = choosePen(element, props.pens, (chosen) => {
    pen = chosen;
    if (strokes().length) renew({ isSame: true });
  });
  let timer = null;
  let isAwaited = false; // while an answer is, a growing drawing asks no further question
  let isBehind = false; // whether it would have
  let frame = null;

  const strokes = () => (current ? [...drawing.now, current] : drawing.now);

  function paint() {
    frame = null;
    paper.clearRect(0, 0, SIZE, SIZE);
    paper.strokeStyle = `rgb(${inkOn(canvas)})`;
    for (const stroke of strokes()) ink(paper, stroke, pen * SIZE);
  }

  function refresh() {
    frame ??= requestAnimationFrame(paint);
    const blank = !strokes().length;
    element.firstElementChild.classList.toggle('blank', blank);
    undo.disabled = !drawing.canUndo;
    redo.disabled = !drawing.canRedo;
    clear.disabled = blank;
    // A button that goes out of use takes the focus, and with it the keys, away.
    if (element.querySelector(':disabled:focus')) canvas.focus({ preventScroll: true });
  }

  /** Ask about the drawing; `isSame` if it is the one before with another pen. */
  function send({ isSame = false } = {}) {
    clearTimeout(timer);
    timer = null;
    turn += 1;
    const paths = strokes().map(({ points }) => [...points]);
    isAwaited = Boolean(paths.length);
    isBehind = false;
    ask(element, { turn, since, blank: !paths.length, isSame });
    props.value = paths.length ? { strokes: paths, pen, turn } : null;
    trigger('input');
  }

  function sendGrowing() {
    timer = null;
    const count = strokes().reduce((sum, { points }) => sum + points.length, 0);
    if (count > LIVE_MOST) return;
    if (isAwaited) isBehind = true;
    else send();
  }

  /** Of a pen that rests since, the last answer would be to what it had drawn some time ago. */
  function catchUp() {
    isAwaited = false;
    if (isBehind && current) timer ??= setTimeout(sendGrowing, props.live_every);
  }

  function keep() {
    if (props.keep) remember('sessionStorage', kept, drawing.now);
  }

  function renew(how) {
    since = turn + 1;
    refresh();
    keep();
    send(how);
  }

  /** Start on a sheet on which nothing was ever drawn. */
  function wipe() {
    current = null;
    drawing = new History([]);
    renew();
  }

  const steps = {
    undo: () => drawing.canUndo && (drawing.undo(), renew()),
    redo: () => drawing.canRedo && (drawing.redo(), renew()),
    clear: () => drawing.now.length && (drawing.add([]), renew()),
  };

  followPen(canvas, SIZE, {
    down(stroke) {
      changed(element);
      current = stroke;
      refresh();
    },
    move() {
      refresh();
      timer ??= setTimeout(sendGrowing, props.live_every);
    },
    up() {
      drawing.add(strokes());
      current = null;
      refresh();
      keep();
      send();
    },
    cancel() {
      current = null;
      renew();
    },
  });
  undo.addEventListener('click', steps.undo);
  redo.addEventListener('click', steps.redo);
  clear.addEventListener('click', steps.clear);
  element.closest('.view').addEventListener(WIPE, wipe);
  element.closest('.view').addEventListener(ANSWERED, catchUp);
  element.addEventListener('keydown', (event) => {
    const step = stepOf(event);
    if (!step || current) return;
    event.preventDefault();
    steps[step]();
  });
  followScheme(refresh);
  refresh();
  if (strokes().length) send();
}

/** Which step a key means; by its place, because an Arabic keyboard has no Z. */
function stepOf({ ctrlKey, metaKey, shiftKey, code, key }) {
  const withControl = ctrlKey || metaKey;
  if (withControl && code === 'KeyZ') return shiftKey ? 'redo' : 'undo';
  if (withControl && code === 'KeyY') return 'redo';
  return ['Escape', 'Delete'].includes(key) && !withControl ? 'clear' : null;
}

/** The strokes that were kept, or none if that is no drawing. */
function drawn(kept) {
  const isStroke = ({ points, pressures }) => points.length === 2 * pressures.length;
  try {
    return kept.every(isStroke) ? kept : [];
  } catch {
    return [];
  }
}
