/** The 28 letters and where each stands. Its value: the records that the browser keeps. */

import { ask, choice, isSeen, lesson, recall, watchLesson, WRONG } from './lesson.js';
import { letterSign, ownName } from './letters.js';
import { KNOWN, standing } from './records.js';
import { LANGUAGE, localize, number, t } from './texts.js';

export function mount(element, { props, watch, trigger }) {
  localize(element);
  const find = (selector) => element.querySelector(selector);
  const dialog = find('.sure');
  let isRecalled = false; // nothing is kept before what was kept has been read
  let isTold = false; // by another tab, which keeps it too
  const others = new BroadcastChannel('harf-practice');
  let kept = lesson.records;
  let cells = [];

  function read() {
    if (isRecalled || !props.value) return;
    isRecalled = true;
    recall(props.value);
    kept = lesson.records;
  }

  function keep() {
    props.value = kept;
    trigger('input');
    others.postMessage(kept);
  }

  /** What was reached or forgotten in another tab holds here too. */
  function hear({ data }) {
    if (!isRecalled) return;
    isTold = true;
    recall(data);
    isTold = false;
  }

  function render() {
    if (isRecalled && kept !== lesson.records) {
      kept = lesson.records;
      if (!isTold) keep();
    }
    const { records, letters } = lesson;
    if (!letters.length) return;
    if (!cells.length) find('.cells').append(...(cells = letters.map(cell)));
    const known = letters.filter(({ letter }) => standing(records, letter) === 'known');
    const counts = { known: number(known.length), all: number(letters.length) };
    find('.known').textContent = t('progress.known', counts);
    const row = { row: number(records.row), best: number(records.best) };
    find('.streak').textContent = records.best ? t('progress.streak', row) : '';
    const weak = choice(WRONG).join(' ');
    find('.weak').textContent = weak && t('progress.weak', { letters: weak });
    find('.reset').hidden = !Object.keys(records.letters).length;
    letters.forEach((letter, i) => fill(cells[i], letter));
  }

  watch('value', read);
  others.addEventListener('message', hear);
  find('.reset').addEventListener('click', () => dialog.showModal());
  find('.keep').addEventListener('click', () => dialog.close());
  find('.forget').addEventListener('click', () => {
    recall({});
    dialog.close();
    cells[0].firstElementChild.focus(); // the button that had it is gone
  });
  document.addEventListener(LANGUAGE, render);
  watchLesson(render);
  read();
}

/** A button that asks for its letter, and shows where it stands. */
function cell({ letter }) {
  const item = document.createElement('li');
  const button = document.createElement('button');
  button.type = 'button';
  const pips = document.createElement('span');
  pips.className = 'pips';
  pips.append(...Array.from({ length: KNOWN }, () => document.createElement('i')));
  button.append(letterSign(letter), pips);
  button.addEventListener('click', () => {
    ask(letter, true);
    scrollTo({ top: 0 }); // on a phone the sheet is above
  });
  item.append(button);
  return item;
}

function fill(item, character) {
  const { letter } = character;
  const stands = standing(lesson.records, letter);
  const button = item.firstElementChild;
  button.dataset.standing = stands;
  // Marked before it is drawn, the printed letter would answer the question.
  if (lesson.asked?.letter === letter && isSeen()) button.setAttribute('aria-current', 'true');
  else button.removeAttribute('aria-current');
  button.setAttribute('aria-label', `${ownName(character)}: ${t(`standing.${stands}`)}`);
  const row = lesson.records.letters[letter] ?? 0;
  [...button.querySelectorAll('i')].forEach((pip, i) => pip.classList.toggle('full', i < row));
}
