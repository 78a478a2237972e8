/** The coach's feedback in words. */

import { ownName } from './letters.js';
import { number, t } from './texts.js';

/** Return one or two sentences that say how the drawing of a letter went. */
export function inWords(feedback, letters) {
  const find = (letter) => letters.find((one) => one.letter === letter);
  const { result, hints } = feedback;
  const asked = find(feedback.asked);
  if (result === 'right') return t('coach.right');
  if (result === 'unclear') return unclear(feedback, find);
  if (result === 'not_a_letter') return t('coach.not_a_letter');
  const dots = hints.filter((hint) => hint in DOTS);
  // One thing at a time: under another body dots are another letter's.
  if (hints[0] === 'body_different' || !dots.length) return looksLike(feedback, asked, find);
  const praise = feedback.body === 'right' ? [t('coach.body_right')] : [];
  return [...praise, ...dots.map((hint) => DOTS[hint](feedback, asked))].join(' ');
}

function unclear({ read, asked, dots }, find) {
  if (read !== asked) return t('coach.unclear.read', { read: ownName(find(read)) });
  if (!dots.drawn) return t('coach.unclear');
  return t(`coach.unclear.${['dot', 'two_dots'][dots.drawn - 1] ?? 'dots'}`);
}

const DOTS = {
  dots_missing: dotCount,
  dots_extra: dotCount,
  dots_place: (_, asked) =>
    t(`coach.belongs.${asked.dots}`, { place: t(`coach.place.${asked.place}`) }),
};

/** Name the letter that was read, if it has the body that is drawn, else one that has. */
function looksLike({ read, body_read: body }, asked, find) {
  const likeliest = find(read).body === body ? find(read) : find(body);
  return t('coach.looks_like', { read: ownName(likeliest), asked: ownName(asked) });
}

function dotCount({ dots }, asked) {
  const name = ownName(asked);
  return t(`coach.has.${dots.wanted}`, {
    Name: name[0].toUpperCase() + name.slice(1),
    drawn: t(`coach.drawn.${amount(dots.drawn)}`, { number: number(dots.drawn) }),
  });
}

/** Zero to three have a text each; Arabic words few otherwise than many. */
function amount(count) {
  if (count <= 3) return count;
  return count <= 10 ? 'few' : 'many';
}
