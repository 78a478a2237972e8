/**
 * What a learner has reached: { letters: { ب: 2, ت: -1 }, row, best }.
 *
 * For each letter how often it was right in a row, 0 when it was right but unclear,
 * -1 when it went wrong last; `row` and `best` count right answers over all letters.
 */

export const KNOWN = 3; // times right in a row
const WRONG = -1;
const LETTER = /^[ء-ي]$/;

// How much more often a letter is asked for than one that is known.
const URGENCY = { wrong: 5, new: 3, going: 3, known: 1 };

/** Return records without anything that cannot be one; the browser's memory may hold anything. */
export function sound(stored) {
  const entries = Object.entries(stored?.letters ?? {}).filter(
    ([letter, row]) => LETTER.test(letter) && Number.isSafeInteger(row) && row >= WRONG,
  );
  const letters = Object.fromEntries(entries);
  const row = count(stored?.row);
  return { letters, row, best: Math.max(row, count(stored?.best)) };
}

function count(value) {
  return Number.isSafeInteger(value) && value > 0 ? value : 0;
}

/** Return the records after a letter was drawn: 'right', 'unclear' or anything else. */
export function noted(records, letter, result) {
  const before = Math.max(records.letters[letter] ?? 0, 0);
  const after = { right: before + 1, unclear: before }[result] ?? WRONG;
  const row = after === WRONG ? 0 : records.row + 1;
  return {
    letters: { ...records.letters, [letter]: after },
    row,
    best: Math.max(row, records.best),
  };
}

/** Say where a letter stands: 'new', 'wrong', 'going' or 'known'. */
export function standing(records, letter) {
  const row = records.letters[letter];
  if (row === undefined) return 'new';
  if (row === WRONG) return 'wrong';
  return row < KNOWN ? 'going' : 'known';
}

/** Pick what to ask next: what went wrong more often, nothing twice running. */
export function pick(records, letters, last) {
  const others = letters.filter((letter) => letter !== last);
  const candidates = others.length ? others : letters;
  const weights = candidates.map((letter) => URGENCY[standing(records, letter)]);
  let left = Math.random() * weights.reduce((sum, weight) => sum + weight, 0);
  return candidates.find((_, i) => (left -= weights[i]) < 0) ?? candidates.at(-1);
}
