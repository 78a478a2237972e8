/** "What does the answer rest on?": the question, its answer in words and over the drawing. */

import { hideHeat, showHeat } from './heat.js';
import { t } from './texts.js';
import { CHANGED } from './turns.js';

const FAILED = 'harf:unexplained'; // fired by the page's own event (explanations.py)

/**
 * Answer the question below a panel's answer.
 *
 * `send(question)` asks the server: {number, rival}. Returns `about(answer, rival)`, which
 * says what can be asked about, nothing if there is no answer, and `take(explanation)`.
 */
export function mountWhy(element, send) {
  const view = element.closest('.view');
  const button = element.querySelector('.ask-why');
  const sentence = element.querySelector('.why');
  let letter = null;
  let rival = null;
  let number = 0; // of the last question; an answer to an earlier one comes too late
  let open = false;
  let given = null;

  function render() {
    button.hidden = !letter;
    button.textContent = rival ? t('why.ask.rival', { letter, rival }) : t('why.ask');
    button.setAttribute('aria-expanded', open);
    button.setAttribute('aria-busy', open && !given);
    sentence.hidden = !given;
    sentence.textContent = given ? words(given) : '';
  }

  function close() {
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
    given = explanation;
    if (explanation.heat) showHeat(view, explanation);
    render();
  }

  button.addEventListener('click', () => {
    if (open) return close();
    close();
    open = true;
    render();
    send({ number, rival });
  });
  view.addEventListener(CHANGED, close);
  view.addEventListener(FAILED, () => take({ number, error: 'Unanswered' }));
  return { about, take };
}

function words({ error, letter, rival, part, place, becomes }) {
  if (error) return t(`error.${error}`);
  if (!part) return t('why.nothing', { letter });
  const what = t(`why.part.${part}.${place}`);
  const first = rival ? t('why.rests.rival', { letter, rival, what }) : t('why.rests', { letter, what });
  const second = becomes ? t('why.becomes', { letter: becomes }) : '';
  return `${first} ${second}`.trim();
}
