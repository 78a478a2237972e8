/** Whether there is a server, and where it says how it is. */

/** The address of status.py. */
export const STATUS = new URL('../status', import.meta.url);

const GONE_WITHIN = 5_000; // milliseconds; then it is slow

/**
 * Whether no server can be reached. Once Gradio knows so it sends no further question, and says
 * nothing of that. A server that is slow is there.
 */
export async function isServerGone() {
  try {
    await fetch(STATUS, { signal: AbortSignal.timeout(GONE_WITHIN) });
    return false;
  } catch (error) {
    return error.name !== 'TimeoutError';
  }
}
