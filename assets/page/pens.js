/** The choice of a pen, which the browser remembers for the next visit. */

import { recall, remember } from './memory.js';

const KEPT = 'harf-pen';
const CHOSEN = 'harf:pen'; // fired on the document: every sheet is drawn on with the same pen

/**
 * Let the visitor choose; `changed(width)` is called with each choice.
 * Returns the width to begin with.
 */
export function choosePen(element, pens, changed) {
  const buttons = [...element.querySelectorAll('.pens input')];
  const kept = recall('localStorage', KEPT);
  const first = pens[kept] ? kept : 1;
  buttons.forEach((button, i) => {
    button.name = `pen-${element.closest('.view').id}`;
    button.checked = i === first;
    button.addEventListener('change', () => {
      remember('localStorage', KEPT, i);
      document.dispatchEvent(new CustomEvent(CHOSEN, { detail: i }));
    });
  });
  document.addEventListener(CHOSEN, ({ detail: i }) => {
    buttons[i].checked = true;
    changed(pens[i]);
  });
  return pens[first];
}
