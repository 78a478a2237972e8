/**
 * Which question is open in a view.
 *
 * A surface asks with a turn, one higher each time. While a drawing grows, answers to its
 * earlier moments are shown as they come, and the panel waits on for the last; an old answer
 * never stands beside a new drawing.
 */

import { isServerGone } from './server.js';

/** Fired on a view when its drawing or picture changes: what was said of it is history. */
export const CHANGED = 'harf:changed';

/** Fired on a view with each question, which is its detail. */
export const ASKED = 'harf:asked';

/** Fired by the page's own events (answers.py). */
export const FAILED = 'harf:failed';

/** Fired on a view when an answer arrives or its time is over; a drawing may be sent on. */
export const ANSWERED = 'harf:answered';

/** Fired on a view when somebody says which letter it is, which is its detail. */
export const PICKED = 'harf:picked';

/** Fired on a view that wants its sheet blank. */
export const WIPE = 'harf:wipe';

const PATIENCE = 15_000; // milliseconds until no answer counts as a failure
const SOON = 1_500; // milliseconds until the server itself is looked for

/**
 * Call when no answer came for too long, the model being there, or the server is gone; returns
 * what calls it off.
 */
export function whenOverdue(call) {
  let timer = null;
  let isOff = false;
  const isLoading = () => document.documentElement.dataset.model === 'loading'; // of notice.js
  function wait() {
    const wasLoading = isLoading();
    timer = setTimeout(() => (wasLoading || isLoading() ? wait() : end()), PATIENCE);
  }
  const look = setTimeout(async () => (await isServerGone()) && end(), SOON);
  function off() {
    isOff = true;
    clearTimeout(timer);
    clearTimeout(look);
  }
  function end() {
    if (isOff) return;
    off();
    call();
  }
  wait();
  return off;
}

/**
 * Say that a question is on its way, or that there is none (blank), or that it failed.
 *
 * It is { turn, since, blank, error, isSame }, `since` the first turn about the same drawing, if
 * there were others, `isSame` if only the pen is another.
 */
export function ask(element, question) {
  changed(element);
  element.closest('.view').dispatchEvent(new CustomEvent(ASKED, { detail: question }));
}

/** Say that the surface shows something new, though no question about it is ready yet. */
export function changed(element) {
  element.closest('.view').dispatchEvent(new Event(CHANGED));
}

/**
 * Follow the questions and answers of a view.
 *
 * `changed(answer)` is called with each answer that counts, with null when there is
 * no question, with {error} when there is no answer; `waiting(yes)` in between.
 * Returns what to call with each answer that arrives.
 */
export function answers(element, { changed, waiting }) {
  const view = element.closest('.view');
  let [since, turn] = [0, 0];
  let answered = null; // the last turn that was
  let callOff = null; // while an answer is waited for

  function settle(answer) {
    callOff?.();
    callOff = null;
    waiting(false);
    changed(answer);
    view.dispatchEvent(new Event(ANSWERED));
  }
  function fail() {
    since = turn; // an answer to an earlier moment does not hide that the last has none
    settle({ error: 'Unanswered' });
  }

  view.addEventListener(ASKED, ({ detail }) => {
    turn = detail.turn;
    since = detail.since ?? turn;
    if (detail.blank) return settle(null);
    if (detail.error) return settle({ error: detail.error });
    callOff?.();
    callOff = whenOverdue(fail);
    waiting(true);
  });
  view.addEventListener(FAILED, () => callOff && fail());

  return (answer) => {
    if (!answer || answer.turn < since || answer.turn > turn || answered === turn) return;
    if (answer.turn < turn) {
      changed(answer);
      view.dispatchEvent(new Event(ANSWERED));
      return;
    }
    answered = turn;
    settle(answer);
  };
}
