/** Tells the views at once when a question did not reach the server. */

import { FAILED } from './turns.js';

const ASKS = /\/gradio_api\/(run|queue)\//;

/**
 * Fire FAILED on every view when a request of Gradio's fails on its way. Its own event for
 * failures stays away then: Gradio waits until the server can be reached, and reloads the page.
 */
export function watchConnection() {
  const request = window.fetch;
  window.fetch = async (...asked) => {
    try {
      return await request(...asked);
    } catch (error) {
      const address = String(asked[0]?.url ?? asked[0]);
      if (ASKS.test(address) && error.name !== 'AbortError') {
        for (const view of document.querySelectorAll('.view')) view.dispatchEvent(new Event(FAILED));
      }
      throw error;
    }
  };
}
