/**
 * The question and what became of it. Its value: { letter, turn } to the server, the
 * coach's feedback { turn, result, … } or { turn, error } from there.
 */

import { inWords } from './feedback.js';
import {
  ALL,
  askBy,
  begin,
  choice,
  choose,
  isRight,
  judge,
  lesson,
  next,
  UNANSWERED,
  watchLesson,
  WRONG,
} from './lesson.js';
import { letterSign, ownName, soundOf } from './letters.js';
import { LANGUAGE, localize, number, t } from './texts.js';
import { FAILED, whenOverdue } from './turns.js';

export function mount(element, { props, watch, trigger }) {
  localize(element);
  const find = (selector) => element.querySelector(selector);
  const [among, by] = [find('.among'), find('.by')];
  let sent = null; // the turn that the server was asked about
  let callOff = () => {};
  let judged = null; // the feedback that was told last

  const fail = () => judge({ turn: lesson.turn, error: UNANSWERED });

  function send() {
    sent = lesson.turn;
    callOff();
    callOff = whenOverdue(fail);
    props.value = { letter: lesson.asked.letter, turn: lesson.turn };
    trigger('submit');
  }

  function render() {
    if (!lesson.asked) return;
    if (lesson.state !== 'waiting') callOff();
    else if (lesson.turn !== sent) send();
    fillChoice(among);
    by.value = lesson.by;
    find('.question').dataset.state = verdict();
    find('.asks').replaceChildren(...question(lesson.by));
    const isPrinted = lesson.feedback?.result && lesson.by !== 'letter';
    find('.solution').replaceChildren(...(isPrinted ? [letterSign(lesson.asked.letter)] : []));
    find('.told').textContent = told();
    find('.spoken').textContent = told() || spokenQuestion(lesson.by);
    // On a small or magnified screen it may lie above what is in sight.
    if (lesson.feedback && lesson.feedback !== judged) find('.told').scrollIntoView({ block: 'nearest' });
    judged = lesson.feedback;
  }

  // The question itself is a value too; what came back says how the drawing went.
  watch('value', () => (props.value?.result || props.value?.error) && judge(props.value));
  element.closest('.view').addEventListener(FAILED, fail);
  among.addEventListener('change', () => choose(among.value));
  by.addEventListener('change', () => askBy(by.value));
  find('.skip').addEventListener('click', next);
  document.addEventListener(LANGUAGE, render);
  watchLesson(render);
  begin(element, props.letters);
}

/** Offer all letters, those that went wrong, each family, and those that have none. */
function fillChoice(select) {
  const wrong = choice(WRONG).length;
  const texts = [
    [ALL, t('practise.among.all', { count: number(lesson.letters.length) })],
    [WRONG, t('practise.among.wrong', { count: number(wrong) })],
    ...families().map((letters) => [letters.join(''), letters.join(' ')]),
  ];
  if (select.dataset.shows !== String(texts)) {
    select.dataset.shows = texts; // an open list stays open while nothing in it changes
    select.replaceChildren(...texts.map(([value, text]) => new Option(text, value)));
  }
  select.value = lesson.among;
  select.options[1].disabled = !wrong;
}

function families() {
  const bodies = new Set(lesson.letters.map(({ body }) => body));
  const of = (one) => lesson.letters.filter(({ body }) => body === one);
  const groups = [...bodies].map((body) => of(body).map(({ letter }) => letter));
  const alone = groups.filter((group) => group.length === 1);
  return [...groups.filter((group) => group.length > 1), alone.flat()];
}

function question(by) {
  const { asked } = lesson;
  const what = document.createElement('strong');
  what.className = `by-${by}`;
  if (by === 'letter') what.append(letterSign(asked.letter));
  else what.textContent = by === 'sound' ? `/${asked.ipa.join('/ /')}/` : ownName(asked);
  if (by === 'sound') what.dir = 'ltr';
  const hint = document.createElement('span');
  hint.className = 'hint';
  hint.textContent = by === 'sound' && !lesson.feedback ? heard(asked) : '';
  return [t(`practise.draw.${by}`), ' ', what, ' ', hint];
}

/** How a letter sounds, without the letter itself: Arabic examples would give it away. */
function heard({ name, letter }) {
  const written = letter === 'ا' ? /[اأ]/g : new RegExp(letter, 'g');
  return soundOf(name).replace(/«[^»]*»/g, (example) => example.replace(written, '…'));
}

function spokenQuestion(by) {
  const { asked } = lesson;
  // The letter by its name: a voice for another script may pass over the sign.
  const what = by === 'sound' ? heard(asked) : ownName(asked);
  return `${t(`practise.draw.${by}`)} ${what}`;
}

function told() {
  const { feedback, letters } = lesson;
  if (!feedback) return '';
  if (feedback.error) return t(`error.${feedback.error}`);
  const words = inWords(feedback, letters);
  return feedback.isHelped && isRight(feedback) ? `${words} ${t('practise.unaided')}` : words;
}

function verdict() {
  const { feedback, state } = lesson;
  if (!feedback) return state;
  if (feedback.error) return 'error';
  return isRight(feedback) ? feedback.result : 'wrong';
}
