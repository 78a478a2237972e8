/** The answer panel: an invitation, an answer in words and bars, or what went wrong. */

import { letterSign } from './letters.js';
import { currentLanguage, LANGUAGE, localize, percent, t } from './texts.js';
import { answers } from './turns.js';

const SPEAK_AFTER = 700; // milliseconds: a screen reader hears the answer, not each step to it

export function mount(element, { props, watch }) {
  localize(element);
  const find = (selector) => element.querySelector(selector);
  const view = element.closest('.view').id;
  let shown = null;
  let speaking = null;

  function render() {
    const state = !shown ? 'invite' : shown.error ? 'error' : shown.verdict;
    find('.answer').dataset.state = state;
    invite(find, view);
    if (shown?.error) find('.failure').textContent = t(`error.${shown.error}`);
    else if (shown) answer(find, shown);
    clearTimeout(speaking);
    speaking = setTimeout(() => (find('.spoken').textContent = spoken(shown)), SPEAK_AFTER);
  }

  find('.alphabet').replaceChildren(...props.letters.map(({ letter }) => node('span', letter)));
  const take = answers(element, {
    changed(answer) {
      shown = answer;
      render();
    },
    waiting: (yes) => find('.answer').setAttribute('aria-busy', yes),
  });
  watch('value', () => take(props.value));
  document.addEventListener(LANGUAGE, render);
  render();
}

function invite(find, view) {
  find('.invite-title').textContent = t(`answer.invite.${view}`);
  const advice = view === 'upload' ? 'answer.invite.advice.upload' : 'answer.invite.advice';
  find('.invite-advice').textContent = t(advice);
}

function answer(find, { verdict, top, confidence, ink }) {
  const [first, second] = top;
  const letters = verdict === 'unsure' ? [first, second] : [first];
  find('.letters').replaceChildren(...letters.map(({ letter }) => letterSign(letter)));
  find('.name').replaceChildren(...letters.map(nameOf));
  find('.verdict').textContent =
    verdict === 'sure'
      ? t('answer.sure', { percent: percent(confidence) })
      : t(`answer.${verdict}`, { first: first.letter, second: second.letter });
  find('.found .advice').textContent = verdict === 'sure' ? '' : t(`answer.${verdict}.advice`);
  find('.guesses').replaceChildren(...top.map(guess));
  drawSeen(find('.seen canvas'), ink);
}

/** The name in the reader's language, then in the other. */
function nameOf({ name, arabic_name: arabic }) {
  const own = node('span', currentLanguage() === 'ar' ? arabic : name, 'own');
  const other = node('span', currentLanguage() === 'ar' ? name : arabic, 'other');
  own.lang = currentLanguage();
  other.lang = currentLanguage() === 'ar' ? 'en' : 'ar';
  const both = node('span', '', 'both');
  both.append(own, ' ', other);
  return both;
}

function guess({ letter, name, arabic_name: arabic, probability }) {
  const item = node('li', '', 'guess');
  const sign = letterSign(letter);
  const bar = node('span', '', 'guess-bar');
  bar.style.setProperty('--part', probability);
  item.append(
    sign,
    node('span', currentLanguage() === 'ar' ? arabic : name, 'guess-name'),
    bar,
    node('span', percent(probability), 'guess-percent'),
  );
  return item;
}

function spoken(shown) {
  if (!shown) return '';
  if (shown.error) return t(`error.${shown.error}`);
  const name = (one) => (currentLanguage() === 'ar' ? one.arabic_name : one.name);
  const [first, second] = shown.top;
  if (shown.verdict === 'sure') {
    return t('answer.spoken.sure', { name: name(first), percent: percent(shown.confidence) });
  }
  if (shown.verdict === 'unsure') {
    return t('answer.spoken.unsure', { first: name(first), second: name(second) });
  }
  return `${t('answer.not_a_letter')}. ${t('answer.not_a_letter.advice')}`;
}

/** Show the 64×64 ink, 0 paper and 255 ink, in the page's own colours. */
function drawSeen(canvas, ink) {
  const values = Uint8Array.from(atob(ink), (character) => character.charCodeAt(0));
  const picture = new ImageData(canvas.width, canvas.height);
  values.forEach((value, i) => picture.data.set([20, 24, 31, value], 4 * i));
  canvas.getContext('2d').putImageData(picture, 0, 0);
}

function node(tag, text, className = '') {
  const made = document.createElement(tag);
  made.textContent = text;
  if (className) made.className = className;
  return made;
}
