/** A line that says that another model answers than the one that was chosen. */

import { localize } from './texts.js';

export const mount = localize;
