/**
 * The lesson that the parts of the Practise view share: what is asked, how it went,
 * and what the learner has reached. Whoever watches is called at each change.
 */

import { recall as recalled, remember } from './memory.js';
import { noted, pick, sound, standing } from './records.js';
import { ASKED, WIPE } from './turns.js';

export const ALL = 'all';
export const WRONG = 'wrong';
export const UNANSWERED = 'Unanswered';

export const lesson = {
  letters: [], // of the table of characters, each with the strokes that write it
  among: ALL, // ALL, WRONG or the letters themselves
  by: 'name', // how it is asked for: by 'name', 'sound' or 'letter'
  asked: null, // one of letters
  state: 'blank', // the sheet: 'blank', 'drawn', 'waiting' for the feedback, 'judged'
  turn: 0, // feedback on an earlier drawing is no longer wanted
  feedback: null, // of the coach, or { error }
  isFirst: true, // whether this question has not been judged before, or only with help
  isHelped: false, // whether the strokes were shown since it was asked
  isAided: false, // whether they were before it was checked
  isTracing: false, // whether a faint guide lies under the pen
  isChosen: false, // whether the learner picked this letter
  records: sound(null),
};

const KEPT = 'harf-lesson'; // until the tab is closed; Gradio reloads after a lost connection
const WAYS = ['name', 'sound', 'letter'];

const watchers = [];
let view = null;

export function watchLesson(watcher) {
  watchers.push(watcher);
  watcher();
}

function change(fields) {
  Object.assign(lesson, fields);
  keep();
  for (const watcher of watchers) watcher();
}

/** Start, once the letters are known; the view's sheet says when it is drawn on. */
export function begin(element, letters) {
  view = element.closest('.view');
  view.addEventListener(ASKED, ({ detail }) => {
    if (detail.isSame) return; // with any pen it is judged alike
    const state = detail.blank ? 'blank' : 'drawn';
    const anew = unaided(detail);
    change({ ...anew, state, turn: lesson.turn + 1, feedback: null });
    if (anew.isFirst) view.dispatchEvent(new Event(WIPE)); // no Undo brings back what help made
  });
  lesson.letters = letters;
  const kept = taken(recalled('sessionStorage', KEPT));
  if (!kept) return next();
  // Its drawing is kept as well, and says so itself unless it has already.
  const isDrawn = view.querySelector('.clear:enabled');
  change({ ...kept, state: isDrawn ? 'drawn' : 'blank' });
}

function keep() {
  const { among, by, asked, isChosen, isFirst, isHelped, isTracing } = lesson;
  if (!asked) return;
  remember('sessionStorage', KEPT, { among, by, asked: asked.letter, isChosen, isFirst, isHelped, isTracing });
}

/** The question that was kept, or null if that is none. */
function taken(kept) {
  const asked = lesson.letters.find(({ letter }) => letter === kept?.asked);
  if (!asked || !WAYS.includes(kept.by)) return null;
  const { among } = kept;
  const isAmong = [ALL, WRONG].includes(among) || (among && [...String(among)].every(isLetter));
  const flags = ['isChosen', 'isFirst', 'isHelped', 'isTracing'];
  const set = Object.fromEntries(flags.map((flag) => [flag, kept[flag] === true]));
  return { asked, by: kept.by, among: isAmong ? among : ALL, ...set };
}

const isLetter = (one) => lesson.letters.some(({ letter }) => letter === one);

/** Once help has made it right, a blank sheet is a first try without. */
function unaided({ blank }) {
  const { feedback, isTracing } = lesson;
  const isHelped = feedback?.isHelped && isRight(feedback);
  return blank && isHelped ? { isFirst: true, isHelped: isTracing } : {};
}

/** Return the letters that may be asked for. */
export function choice(among = lesson.among) {
  const all = lesson.letters.map(({ letter }) => letter);
  if (among === ALL) return all;
  if (among === WRONG) return all.filter((letter) => standing(lesson.records, letter) === 'wrong');
  return [...among];
}

export function choose(among) {
  lesson.among = among;
  next();
}

export function askBy(by) {
  lesson.by = by;
  next();
}

/** Whether the learner has seen which letter is asked for. */
export function isSeen() {
  const { by, feedback, isChosen, isHelped } = lesson;
  return by === 'letter' || isChosen || isHelped || Boolean(feedback?.result);
}

export function next() {
  if (!choice().length) lesson.among = ALL; // nothing is wrong any more
  ask(pick(lesson.records, choice(), lesson.asked?.letter));
}

/** Ask for one letter, on a blank sheet; `isChosen` if it was the learner who picked it. */
export function ask(letter, isChosen = false) {
  const asked = lesson.letters.find((one) => one.letter === letter);
  change({ asked, isChosen, isFirst: true, isHelped: lesson.isTracing });
  wipe();
}

/** Blank the sheet for another try at the same letter. */
export function wipe() {
  view.dispatchEvent(new Event(WIPE));
  change({ state: 'blank', turn: lesson.turn + 1, feedback: null });
}

export function check() {
  const isAgain = Boolean(lesson.feedback?.error); // what was drawn before any help since
  const isAided = isAgain ? lesson.isAided : lesson.isHelped;
  change({ state: 'waiting', turn: lesson.turn + 1, isAided });
}

/** Take the coach's feedback; to a question the first counts, and the first after help. */
export function judge(feedback) {
  const isLate = lesson.feedback?.error === UNANSWERED && feedback.result;
  if ((lesson.state !== 'waiting' && !isLate) || feedback.turn !== lesson.turn) return;
  const { asked, isFirst, isAided, records } = lesson;
  const counts = isFirst && !isAided && !feedback.error;
  change({
    state: 'judged',
    feedback: { ...feedback, isHelped: isAided },
    isFirst: isFirst && Boolean(feedback.error),
    records: counts ? noted(records, asked.letter, feedback.result) : records,
  });
}

export function helped() {
  change({ isHelped: true });
}

export function trace(isTracing) {
  change({ isTracing, isHelped: lesson.isHelped || isTracing });
}

/** Put records in the place of those that are here; whatever cannot be one is left out. */
export function recall(stored) {
  change({ records: sound(stored) });
}

export function isRight({ result }) {
  return result === 'right' || result === 'unclear';
}
