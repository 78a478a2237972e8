/**
 * "Not what I wrote": choose the right letter, see its card and, with consent, give it away.
 *
 * Where corrections are kept, its value goes { turn, letter, consent } to the server and comes
 * back { turn, correction, id }, the id null if nothing was kept, with the `problem` where it is
 * the drawing's. Without consent nothing is sent.
 */

import { currentLanguage, LANGUAGE, localize, t } from './texts.js';
import { letterSign } from './letters.js';
import { ASKED, FAILED, PICKED, whenOverdue } from './turns.js';

const UNGIVEN = 'harf:ungiven'; // fired by the page's own event (correction.py)

export function mount(element, { props, watch, trigger }) {
  localize(element);
  const find = (selector) => element.querySelector(selector);
  const view = element.closest('.view');
  const [part, opener, dialog, consent, send] = [
    '.correcting',
    '.wrong',
    '.correct',
    '.consent input',
    '.send',
  ].map(find);
  const choices = props.letters.map(([letter]) => choice(letter, view.id));
  let turn = 0;
  let ids = []; // under which it is kept; more than one if it was sent again
  let given = null; // the turn of what was sent last
  let late = []; // names of what was drawn before and is kept by now
  let callOff = () => {};

  const chosen = () => find('.correct-letters :checked')?.value;

  function show(state) {
    const isHere = dialog.contains(document.activeElement);
    part.dataset.state = state;
    callOff();
    render();
    // What is out of use while it is sent would take the focus, and with it the keys, away.
    if (state === 'sending' && isHere) find('.close').focus();
    if (state === 'failed' && dialog.open) send.focus();
  }

  function render() {
    const { state } = part.dataset;
    choices.forEach(([, radio], i) => {
      const [, name, arabic] = props.letters[i];
      radio.setAttribute('aria-label', currentLanguage() === 'ar' ? arabic : name);
    });
    opener.textContent = t('correction.open');
    opener.hidden = state === 'given'; // given once is given
    find('.consent-text').textContent = t(`correction.consent.${view.id}`);
    // Kept together in a sentence of either direction.
    const kept = (names) => t('correction.kept', { id: `\u2068${names.join(', ')}\u2069` });
    find('.kept-late').hidden = !late.length;
    find('.kept-late').textContent = late.length ? kept(late) : '';
    const outcome = {
      kept: () => kept(ids),
      failed: () => t('correction.failed'),
      'too-long': () => t('correction.too-long'),
    };
    find('.correct-outcome').textContent = outcome[state]?.() ?? '';
    send.textContent = t(consent.checked ? 'correction.send' : 'correction.show');
    find('.choice').disabled = state === 'sending'; // what is on its way stays as it is
    send.disabled = state === 'sending' || !chosen();
  }

  function reset() {
    find('form').reset();
    ids = [];
    show('asking');
  }

  /** Its card takes the answer's place, and the focus, for the button may be gone. */
  const pick = (letter) => view.dispatchEvent(new CustomEvent(PICKED, { detail: letter }));

  find('.consent').hidden = !props.keeps;
  find('.correct-letters').replaceChildren(...choices.map(([label]) => label));
  view.querySelector('.answer-actions').append(opener);
  opener.addEventListener('click', () => {
    late = []; // read by now
    render();
    dialog.showModal();
  });
  find('.close').addEventListener('click', () => dialog.close());
  find('form').addEventListener('input', render);
  find('form').addEventListener('submit', (event) => {
    event.preventDefault();
    const letter = chosen();
    if (!consent.checked) {
      dialog.close();
      pick(letter);
      return;
    }
    show('sending');
    callOff = whenOverdue(() => show('failed'));
    given = turn;
    props.value = { turn, letter, consent: true };
    trigger('input');
  });
  dialog.addEventListener('close', () => {
    const { state } = part.dataset;
    if (state === 'kept') {
      show('given');
      pick(chosen());
    } else if (state !== 'sending') reset();
  });
  view.addEventListener(ASKED, ({ detail }) => {
    turn = detail.turn;
    if (detail.isSame && part.dataset.state === 'given') return; // with any pen it was given
    dialog.close();
    reset();
  });
  for (const failed of [FAILED, UNGIVEN]) {
    view.addEventListener(failed, () => part.dataset.state === 'sending' && show('failed'));
  }
  watch('value', () => {
    const answer = props.value;
    if (!answer || answer.letter || [...ids, ...late].includes(answer.id)) return;
    if (answer.turn !== turn) return tellLate(answer);
    if (answer.id) tell(answer);
    else if (part.dataset.state === 'sending') show(answer.problem ?? 'failed');
  });

  /** Say under which name it is kept, also to who closed the dialog or was told that it failed. */
  function tell(answer) {
    ids.push(answer.id);
    find(`[value='${answer.correction}']`).checked = true;
    show('kept');
    if (!dialog.open && document.documentElement.dataset.view === view.id) dialog.showModal();
    if (dialog.open) find('.close').focus();
  }

  /** Say it below the view to who has drawn on meanwhile: a dialog would take the pen away. */
  function tellLate(answer) {
    if (!answer.id || answer.turn !== given) return;
    late.push(answer.id);
    render();
  }
  document.addEventListener(LANGUAGE, render);
  render();
}

/** A letter to choose: its label, and the radio button in it. */
function choice(letter, view) {
  const label = document.createElement('label');
  label.className = 'correct-letter';
  const radio = document.createElement('input');
  radio.type = 'radio';
  radio.name = `letter-${view}`;
  radio.value = letter;
  label.append(radio, letterSign(letter));
  return [label, radio];
}
