/** What a learner may do: see how it is written, trace it, have it checked, go on. */

import { drawGuide, eraseGuide, writeGuide } from './guide.js';
import { check, helped, isRight, lesson, next, trace, watchLesson, wipe } from './lesson.js';
import { LANGUAGE, localize, t } from './texts.js';
import { CHANGED } from './turns.js';

const LINGER = 1400; // milliseconds that a written letter stays

export function mount(element) {
  localize(element);
  const view = element.closest('.view');
  const go = element.querySelector('.go');
  const tracing = element.querySelector('.trace');
  const still = matchMedia('(prefers-reduced-motion: reduce)');
  let asked = null;
  let wasHelped = false;
  let shown = 0; // counts showings, so that an older one erases nothing

  /** Lie the guide under the pen, or nothing. */
  function lay() {
    shown += 1;
    const guide = view.querySelector('.guide');
    if (lesson.isTracing) drawGuide(guide, lesson.asked.strokes);
    else eraseGuide(guide);
  }

  async function show() {
    helped();
    const mine = ++shown;
    const guide = view.querySelector('.guide');
    // Who wants no motion sees the strokes with their order and direction, until the pen moves.
    if (still.matches) return drawGuide(guide, lesson.asked.strokes);
    await writeGuide(guide, lesson.asked.strokes);
    await new Promise((done) => setTimeout(done, LINGER));
    if (mine === shown) lay();
  }

  function act() {
    if (lesson.state === 'waiting') return;
    const does = deed();
    if (does === 'check') return check();
    if (does === 'next') next();
    else again();
    // The button rests until something is drawn; whoever goes by keys goes on from the sheet.
    view.querySelector('.paper').focus({ preventScroll: true });
  }

  function again() {
    if (isRight(lesson.feedback)) setTracing(false); // now without help
    wipe();
  }

  function setTracing(isTracing) {
    trace(isTracing);
    lay();
  }

  function render() {
    if (asked !== lesson.asked || (wasHelped && !lesson.isHelped)) lay();
    asked = lesson.asked;
    wasHelped = lesson.isHelped;
    go.textContent = t(`practise.${deed()}`);
    go.disabled = lesson.state === 'blank';
    tracing.setAttribute('aria-pressed', lesson.isTracing);
  }

  element.querySelector('.show').addEventListener('click', show);
  tracing.addEventListener('click', () => setTracing(!lesson.isTracing));
  go.addEventListener('click', act);
  view.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter') return;
    if (event.repeat) return event.preventDefault(); // held down, it is still one step
    if (!go.disabled && !event.target.closest('button, select, dialog')) act();
  });
  view.addEventListener(CHANGED, () => still.matches && lay()); // the pen moved
  document.addEventListener(LANGUAGE, () => {
    render();
    const guide = view.querySelector('.guide');
    if (guide.querySelector('.guide-number')) drawGuide(guide, lesson.asked.strokes);
  });
  watchLesson(render);
}

/** What the go button does now: 'check', 'next' or 'again'. */
function deed() {
  const { feedback, state } = lesson;
  if (state !== 'judged' || feedback.error) return 'check';
  return isRight(feedback) && !feedback.isHelped ? 'next' : 'again';
}
