/** "What does the answer rest on?": the question, its answer in words and over the drawing. */

import { hideHeat, showHeat } from './heat.js';
import { ownName } from './letters.js';
import { t } from './texts.js';
import { CHANGED, FAILED, whenOverdue } from './turns.js';

const UNEXPLAINED = 'harf:unexplained'; // fired by the page's own event (explanations.py)

/**
 * Answer the question below a panel's answer.
 *
 * `letters` are the facts by letter; `send(question)` asks the server: {number, rival}. Returns `about(answer, rival)`, which
 * says what can be asked about, nothing if there is no answer, and `take(explanation)`.
 */
export function mountWhy(element, letters, send) {
  const view = element.closest('.view');
  const button = element.querySelector('.ask-why');
  const sentence = element.querySelector('.why');
  const spoken = element.querySelector('.why-spoken');
  let letter = null;
  let rival = null;
  let number = 0; // of the last question; an answer to an earlier one comes too late
  let open = false;
  let given = null;
  let isSeen = false; // what it rests on, over the drawing
  let callOff = () => {};

  // A voice for another script may pass over a letter: it gets the name.
  const written = (sign) => sign;
  const named = (sign) => ownName(letters.get(sign));

  function render() {
    button.hidden = !letter;
    const asks = (sign) =>
      rival ? t('why.ask.rival', { letter: sign(letter), rival: sign(rival) }) : t('why.ask');
    button.textContent = asks(written);
    button.setAttribute('aria-label', letter ? asks(named) : '');
    button.setAttribute('aria-expanded', open);
    button.setAttribute('aria-busy', open && !given);
    sentence.hidden = !given;
    const says = (sign) => (given ? words(given, letters.get(given.letter), isSeen, sign) : '');
    sentence.textContent = says(written);
    spoken.textContent = says(named);
  }

  function close() {
    callOff();
    number += 1;
    open = false;
    given = null;
    hideHeat(view);
    render();
  }

  function about(answer, against) {
    const [mine, other] = [answer?.letter ?? null, against?.letter ?? null];
    const same = mine === letter && other === rival;
    [letter, rival] = [mine, other];
    if (same) render();
    else close();
  }

  function take(explanation) {
    if (!open || explanation.number !== number) return;
    callOff();
    given = explanation;
    isSeen = Boolean(explanation.heat) && showHeat(view, explanation);
    render();
  }

  const fail = () => given || take({ number, error: 'Unanswered' });

  button.addEventListener('click', () => {
    if (open) return close();
    close();
    open = true;
    render();
    callOff = whenOverdue(fail);
    send({ number, rival });
  });
  view.addEventListener(CHANGED, close);
  for (const failed of [FAILED, UNEXPLAINED]) view.addEventListener(failed, fail);
  return { about, take };
}

/** Say what an answer rests on, each letter as `sign` gives it. */
function words({ error, letter: of, rival: against, part, place, becomes }, facts, isSeen, sign) {
  if (error) return t(`error.${error}`);
  const letter = sign(of);
  if (!part) return t('why.nothing', { letter });
  const named = part === 'dots' && facts.dots === 2 ? 'two_dots' : part; // Arabic has a dual
  const plain = t(`why.part.${named}.${place}`);
  const what = isSeen ? t('why.seen', { what: plain }) : plain;
  const rival = against && sign(against);
  const first = rival ? t('why.rests.rival', { letter, rival, what }) : t('why.rests', { letter, what });
  const second = becomes ? t('why.becomes', { letter: sign(becomes) }) : '';
  return `${first} ${second}`.trim();
}
