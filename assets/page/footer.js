/** The foot of the page. */

import { localize } from './texts.js';

export const mount = localize;
