/** A letter's card: how it sounds, how it is written within a word, its code point. */

import { soundOf } from './letters.js';

/** Show the card of a letter, given what page/letters.py knows of it; without, hide it. */
export function showCard(card, letter) {
  card.hidden = !letter;
  if (!letter) return;
  const find = (selector) => card.querySelector(selector);
  find('.ipa').textContent = letter.ipa.map((sound) => `/${sound}/`).join(' ');
  find('.sound-hint').textContent = soundOf(letter.name);
  for (const [position, form] of Object.entries(letter.forms)) {
    find(`.${position}`).textContent = form;
  }
  find('.apart').hidden = letter.forms.initial !== letter.forms.isolated;
  find('.code').textContent = letter.code_point;
}
