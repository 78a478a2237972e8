/** The answer panel: an invitation, an answer in words and bars, or what went wrong. */

import { advice } from './advice.js';
import { showCard } from './card.js';
import { letterSign, ownName, soundOf } from './letters.js';
import { currentLanguage, LANGUAGE, localize, percent, t } from './texts.js';
import { followScheme, inkOn } from './scheme.js';
import { answers, PICKED } from './turns.js';
import { mountWhy } from './why.js';

const SPEAK_AFTER = 700; // milliseconds: a screen reader hears the answer, not each step to it

export function mount(element, { props, watch, trigger }) {
  localize(element);
  const find = (selector) => element.querySelector(selector);
  const view = element.closest('.view').id;
  const letters = new Map(props.letters.map((facts) => [facts.letter, facts]));
  let shown = null;
  let chosen = null; // the letter whose card stands in place of the answer
  let speaking = null;
  const why = mountWhy(element, letters, (question) => {
    props.value = { question };
    trigger('submit');
  });
  const cards = () => [...element.querySelectorAll('.guess-card')];

  function render() {
    const state = !shown ? 'invite' : shown.error ? 'error' : shown.verdict;
    find('.answer').dataset.state = state;
    invite(find, view);
    if (!shown?.top) why.about(null);
    if (shown?.error) find('.failure').textContent = t(`error.${shown.error}`);
    else if (shown) {
      find('.guesses').replaceChildren(...shown.top.map((one) => guess(one, choose)));
      drawSeen(find('.seen canvas'), shown.ink);
      renderCard();
    }
    speak();
  }

  function renderCard() {
    find('.answer').dataset.card = chosen ? 'candidate' : 'answer';
    if (chosen) candidate(find, chosen);
    else answer(find, shown, advice(shown, letters));
    find('.back').hidden = !chosen;
    const one = chosen ?? (shown.verdict === 'sure' ? shown.top[0] : null);
    showCard(find('.card'), one && letters.get(one.letter));
    askable();
    cards().forEach((card, i) => card.setAttribute('aria-pressed', shown.top[i].letter === one?.letter));
  }

  /** The answer can be asked about, against the candidate that is shown or in doubt. */
  function askable() {
    const [first, second] = shown.top;
    const doubt = shown.verdict === 'unsure' ? second : null;
    why.about(shown.verdict === 'not_a_letter' ? null : first, chosen && chosen.letter !== first.letter ? chosen : doubt);
  }

  function speak() {
    clearTimeout(speaking);
    const words = chosen
      ? t('answer.spoken.candidate', { name: ownName(chosen), sound: soundOf(chosen.name) })
      : spoken(shown, letters);
    speaking = setTimeout(() => (find('.spoken').textContent = words), SPEAK_AFTER);
  }

  /** Show the card of one of the five best; the best itself, or none, is the answer's. */
  function choose(one) {
    chosen = one?.letter === shown.top[0].letter && shown.verdict === 'sure' ? null : one;
    renderCard();
    speak();
  }

  /** Show the card of any letter that somebody says it is. */
  function pick(letter) {
    if (!shown?.top) return;
    choose({ ...letters.get(letter), probability: shown.shares[letter], picked: true });
    (find('.back').hidden ? cards()[0] : find('.back')).focus(); // it may be what was read
  }

  function back() {
    const place = shown.top.findIndex(({ letter }) => letter === chosen.letter);
    cards()[Math.max(place, 0)].focus();
    choose(null);
  }

  find('.back').addEventListener('click', back);
  element.addEventListener('keydown', (event) => event.key === 'Escape' && chosen && back());

  find('.alphabet').replaceChildren(...props.letters.map(({ letter }) => node('span', letter)));
  const take = answers(element, {
    changed(answer) {
      shown = answer;
      chosen = null;
      render();
    },
    waiting: (yes) => find('.answer').setAttribute('aria-busy', yes),
  });
  watch('value', () => (props.value?.why ? why.take(props.value.why) : take(props.value)));
  take(props.value); // a drawing that was kept may have been answered already
  element.closest('.view').addEventListener(PICKED, ({ detail }) => pick(detail));
  document.addEventListener(LANGUAGE, render);
  followScheme(() => shown?.ink && drawSeen(find('.seen canvas'), shown.ink));
  render();
}

function invite(find, view) {
  find('.invite-title').textContent = t(`answer.invite.${view}`);
  const key = view === 'upload' ? 'answer.invite.advice.upload' : 'answer.invite.advice';
  find('.invite-advice').textContent = t(key);
}

function answer(find, { verdict, top, confidence }, whatToDo) {
  const [first, second] = top;
  const letters = verdict === 'unsure' ? [first, second] : [first];
  find('.letters').replaceChildren(...letters.map(({ letter }) => letterSign(letter)));
  find('.name').replaceChildren(...letters.map(nameOf));
  find('.verdict').textContent =
    verdict === 'sure'
      ? t('answer.sure', { percent: percent(confidence) })
      : t(`answer.${verdict}`, { first: first.letter, second: second.letter });
  find('.found .advice').textContent = whatToDo;
}

function candidate(find, one) {
  find('.letters').replaceChildren(letterSign(one.letter));
  find('.name').replaceChildren(nameOf(one));
  const key = one.picked ? 'answer.picked' : 'answer.candidate';
  find('.verdict').textContent = t(key, { percent: percent(one.probability) });
  find('.found .advice').textContent = '';
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

/** One of the five best, a button that shows its card. */
function guess(one, choose) {
  const { letter, probability } = one;
  const item = node('li', '', 'guess');
  const button = node('button', '', 'guess-card');
  button.type = 'button';
  button.addEventListener('click', () => choose(one));
  const bar = node('span', '', 'guess-bar');
  bar.style.setProperty('--part', probability);
  button.append(
    letterSign(letter),
    node('span', ownName(one), 'guess-name'),
    bar,
    node('span', percent(probability), 'guess-percent'),
  );
  item.append(button);
  return item;
}

function spoken(shown, letters) {
  if (!shown) return '';
  if (shown.error) return t(`error.${shown.error}`);
  const [first, second] = shown.top;
  if (shown.verdict === 'sure') {
    return t('answer.spoken.sure', { name: ownName(first), percent: percent(shown.confidence) });
  }
  if (shown.verdict === 'unsure') {
    const names = { first: ownName(first), second: ownName(second) };
    return `${t('answer.spoken.unsure', names)} ${advice(shown, letters)}`;
  }
  return `${t('answer.not_a_letter')}. ${advice(shown, letters)}`;
}

/** Show the 64×64 ink, 0 paper and 255 ink, in the colours of the sheet. */
function drawSeen(canvas, ink) {
  const values = Uint8Array.from(atob(ink), (character) => character.charCodeAt(0));
  const picture = new ImageData(canvas.width, canvas.height);
  const colour = inkOn(canvas);
  values.forEach((value, i) => picture.data.set([...colour, value], 4 * i));
  canvas.getContext('2d').putImageData(picture, 0, 0);
}

function node(tag, text, className = '') {
  const made = document.createElement(tag);
  made.textContent = text;
  if (className) made.className = className;
  return made;
}
