/** A line that says that the model is still loading, or that another one answers than was chosen. */

import { LANGUAGE, localize, t } from './texts.js';

const STATUS = new URL('../status', import.meta.url); // the address of status.py
const EVERY = 500; // milliseconds between two looks while the model loads

export function mount(element) {
  localize(element);
  const line = element.querySelector('.notice');
  let state = 'ready';

  function show() {
    line.hidden = state === 'ready';
    line.textContent = line.hidden ? '' : t(`notice.${state}`);
  }

  async function look() {
    try {
      ({ state } = await (await fetch(STATUS)).json());
    } catch {
      state = 'ready'; // a server that does not answer shows where it matters: at a drawing
    }
    show();
    if (state === 'loading') setTimeout(look, EVERY);
  }

  document.addEventListener(LANGUAGE, show);
  look();
}
