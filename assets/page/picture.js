/**
 * A place for a picture: dropped, pasted, chosen, photographed or taken from the
 * examples. Its value: { url: 'data:…', turn }, or null. It survives a reload of the page, not
 * the closing of its tab.
 */

import { LANGUAGE, localize, number, t } from './texts.js';
import { recall, remember } from './memory.js';
import { asDataUrl, shrink } from './shrink.js';
import { ask } from './turns.js';

const KEPT = 'harf-picture';
// What every browser can read; if it cannot, the file is damaged.
const KNOWN = ['bmp', 'gif', 'jpeg', 'png', 'webp'].map((kind) => `image/${kind}`);
const SAMPLE = 64; // pixels a side, enough to tell light ink from dark

export function mount(element, { props, trigger }) {
  localize(element);
  const well = element.querySelector('.well');
  const [file, photo] = element.querySelectorAll('input');
  const yours = element.querySelector('.yours');
  let turn = -1; // so that an answer to the first one counts, though the panel may come later

  /** Read a file, or what is on its way to be one. */
  async function read(coming) {
    turn += 1;
    const mine = turn;
    const fail = (error) => mine === turn && ask(element, { turn, error });
    const refuse = (error) => {
      if (mine === turn) empty(); // what stood there would look like what is refused
      fail(error);
    };
    let file;
    try {
      file = await coming;
    } catch {
      return refuse('Unanswered');
    }
    if (mine !== turn) return;
    if (!file?.type.startsWith('image/')) return refuse('NoPicture');
    if (!file.size) return refuse('Empty');
    show(file);
    ask(element, { turn });
    try {
      const small = file.size > props.small_bytes ? await shrink(file, props.small_bytes) : file;
      if (!small && KNOWN.includes(file.type)) return fail('PictureError');
      if (!small || small.size > props.small_bytes) return fail('TooLarge');
      const url = await asDataUrl(small);
      if (mine !== turn) return; // another picture came meanwhile
      props.value = { url, turn };
      trigger('input');
      remember('sessionStorage', KEPT, url);
    } catch {
      fail('PictureError'); // the file is not where it was
    }
  }

  /** Do what hides a button, and let the focus, and with it the keys, go to another if it was there. */
  function hide(hidden, other, act) {
    const isThere = element.querySelector(`:is(${hidden}):focus`);
    act();
    if (isThere) element.querySelector(other).focus({ preventScroll: true });
  }

  function show(file) {
    URL.revokeObjectURL(yours.src);
    yours.src = URL.createObjectURL(file);
    yours.hidden = false;
    hide('.choose, .camera', '.another', () => (well.dataset.state = 'full'));
    remember('sessionStorage', KEPT, null); // should there be no room for this one
  }

  function empty() {
    URL.revokeObjectURL(yours.src);
    yours.removeAttribute('src');
    yours.hidden = true;
    hide('.tools button', '.choose', () => (well.dataset.state = 'empty'));
    props.value = null;
    remember('sessionStorage', KEPT, null);
  }

  function remove() {
    turn += 1;
    empty();
    ask(element, { turn, blank: true });
    element.querySelector('.choose').focus();
  }

  const choose = () => file.click();
  element.querySelector('.choose').addEventListener('click', choose);
  element.querySelector('.another').addEventListener('click', choose);
  element.querySelector('.remove').addEventListener('click', remove);
  element.querySelector('.camera').addEventListener('click', () => photo.click());
  for (const input of [file, photo]) {
    input.addEventListener('change', () => {
      if (input.files.length) read(input.files[0]);
      input.value = ''; // the same file may be chosen again
    });
  }
  const isOpen = () => document.documentElement.dataset.view === element.closest('.view').id;
  acceptDrops(element.querySelector('.drop'), isOpen, read);
  acceptPastes(isOpen, read);
  addExamples(element.querySelector('.examples'), props.examples, read);
  yours.addEventListener('load', () => yours.classList.toggle('light', isLightOnNothing(yours)));
  // A picture that this browser cannot show may still be one that the server can read.
  yours.addEventListener('error', () => (well.dataset.state = 'unseen'));
  const kept = recall('sessionStorage', KEPT);
  if (String(kept).startsWith('data:image/')) read(fetched(kept));
  const describe = () => (yours.alt = t('picture.yours'));
  document.addEventListener(LANGUAGE, describe);
  describe();
}

/** Whether a picture is light ink on a transparent sheet, which could not be seen on white. */
function isLightOnNothing(picture) {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = SAMPLE;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  context.drawImage(picture, 0, 0, SAMPLE, SAMPLE);
  const { data } = context.getImageData(0, 0, SAMPLE, SAMPLE);
  let [light, shown] = [0, 0];
  for (let i = 0; i < data.length; i += 4) {
    light += ((data[i] + data[i + 1] + data[i + 2]) / 3) * data[i + 3];
    shown += data[i + 3];
  }
  return shown < (255 * SAMPLE ** 2) / 2 && light > 0.6 * 255 * shown;
}

/** Take a file dropped anywhere on the open view; the browser would leave the page to show it. */
function acceptDrops(place, isOpen, read) {
  const over = (on) => place.classList.toggle('over', on);
  document.addEventListener('dragover', (event) => {
    if (!event.dataTransfer.types.includes('Files')) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = isOpen() ? 'copy' : 'none';
    over(isOpen());
  });
  document.addEventListener('dragleave', (event) => event.relatedTarget ?? over(false));
  document.addEventListener('drop', (event) => {
    if (!event.dataTransfer.types.includes('Files')) return;
    event.preventDefault();
    over(false);
    if (isOpen()) read(event.dataTransfer.files[0]);
  });
}

function acceptPastes(isOpen, read) {
  document.addEventListener('paste', ({ clipboardData: { files } }) => {
    if (isOpen() && files.length) read(files[0]);
  });
}

async function fetched(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(answer.statusText);
  return answer.blob();
}

function addExamples(list, addresses, read) {
  const name = (button, i) => button.setAttribute('aria-label', t('picture.example', { number: number(i + 1) }));
  const buttons = addresses.map((address) => {
    const button = document.createElement('button');
    button.type = 'button';
    const picture = document.createElement('img');
    picture.src = new URL(address, document.baseURI);
    picture.alt = '';
    picture.loading = 'lazy';
    button.append(picture);
    button.addEventListener('click', () => read(fetched(picture.src)));
    return button;
  });
  buttons.forEach(name);
  document.addEventListener(LANGUAGE, () => buttons.forEach(name));
  list.replaceChildren(
    ...buttons.map((button) => {
      const item = document.createElement('li');
      item.append(button);
      return item;
    }),
  );
}
