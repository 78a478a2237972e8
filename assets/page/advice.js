/** What to do about a drawing that could not be read for sure. */

import { t } from './texts.js';

/**
 * Return a sentence of advice, or none for a sure answer.
 *
 * `letters`: what page/letters.py knows of each letter; `top`: the candidates, best first.
 */
export function advice({ verdict, top }, letters) {
  if (verdict === 'sure') return '';
  if (verdict === 'not_a_letter') return t('answer.not_a_letter.advice');
  const [first, second] = top.map(({ letter }) => letters.get(letter));
  const isShape = first.dots === second.dots && first.place === second.place;
  if (isShape) return t('answer.unsure.shape');
  return t('answer.unsure.dots', { first: dots(first), second: dots(second) });
}

function dots({ dots: count, place }) {
  return count ? t(`dots.${count}.${place}`) : t('dots.none');
}
