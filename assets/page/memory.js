/**
 * What the browser keeps for us, in 'localStorage' or 'sessionStorage'; one that keeps
 * nothing has forgotten it by the next time.
 */

export function remember(store, key, value) {
  try {
    window[store].setItem(key, JSON.stringify(value));
  } catch {
    // Switched off or full: it holds until the page is closed.
  }
}

export function recall(store, key) {
  try {
    return JSON.parse(window[store].getItem(key));
  } catch {
    return null;
  }
}
