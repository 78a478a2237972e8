/** Day and night: canvases are no part of the style sheet and must ask it for their ink. */

/** The colour of ink on an element, as [red, green, blue]. */
export function inkOn(element) {
  return getComputedStyle(element).color.match(/\d+/g).slice(0, 3).map(Number);
}

/** Call back whenever day turns to night or the reverse; Gradio marks it on the body. */
export function followScheme(changed) {
  new MutationObserver(changed).observe(document.body, { attributeFilter: ['class'] });
}
