/** A sentence that every visitor must see. */

import { localize } from './texts.js';

export function mount(element, { props }) {
  element.querySelector('.notice').dataset.text = props.text;
  localize(element);
}
