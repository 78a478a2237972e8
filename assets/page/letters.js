/** Letters shown for their own sake: each in the middle of its box, not on a line. */

import { currentLanguage, t } from './texts.js';

const FONT = '100px Amiri';
const measure = document.createElement('canvas').getContext('2d');
const ready = document.fonts.load(FONT, 'ن');

/** Return an element with the letter, centred by its ink. */
export function letterSign(letter) {
  const sign = document.createElement('span');
  sign.className = 'letter-sign';
  sign.lang = 'ar';
  sign.textContent = letter;
  ready.then(() => sign.style.setProperty('--rise', `${rise(letter)}em`));
  return sign;
}

/** How far, in em, a letter's ink stands below the middle of its line. */
function rise(letter) {
  measure.font = FONT;
  const m = measure.measureText(letter);
  const line = (m.fontBoundingBoxAscent - m.fontBoundingBoxDescent) / 2;
  const ink = (m.actualBoundingBoxAscent - m.actualBoundingBoxDescent) / 2;
  return (ink - line) / 100;
}

/** How a letter sounds, in plain words; `name` is its Unicode name. */
export function soundOf(name) {
  return t(`letters.${name}.sound`);
}

/** A letter's name in the reader's language. */
export function ownName({ name, arabic_name: arabic }) {
  return currentLanguage() === 'ar' ? arabic : name;
}
