/** A line that says that the model is still loading, or that another one answers than was chosen. */

import { LANGUAGE, localize, t } from './texts.js';
import { STATUS } from './server.js';

const EVERY = 500; // milliseconds between two looks while the model loads
const PATIENCE = 5_000; // milliseconds for one look
const FAILURES = 20; // in a row; then a server that does not answer shows at a drawing

export function mount(element) {
  localize(element);
  const line = element.querySelector('.notice');
  let state = 'ready';
  let failures = 0;

  function show() {
    line.hidden = state === 'ready';
    line.textContent = line.hidden ? '' : t(`notice.${state}`);
  }

  async function look() {
    try {
      ({ state } = await (await fetch(STATUS, { signal: AbortSignal.timeout(PATIENCE) })).json());
      failures = 0;
    } catch {
      failures += 1;
      if (failures === FAILURES) state = 'ready';
    }
    document.documentElement.dataset.model = state; // for turns.js
    show();
    if (state === 'loading' || (failures && failures < FAILURES)) setTimeout(look, EVERY);
  }

  document.addEventListener(LANGUAGE, show);
  look();
}
