/**
 * Every sentence of the page in the reader's language.
 *
 * Markup names its text (`data-text="pad.undo"`, `data-label` for an aria-label);
 * code asks with `t(key, values)`. A change of language fires LANGUAGE on document.
 */

export const LANGUAGE = 'harf:language';
const KEPT = 'harf-language';

const load = async (language) =>
  (await fetch(new URL(`texts/${language}.json`, import.meta.url))).json();
const [en, ar] = await Promise.all([load('en'), load('ar')]);
const texts = { en, ar };

let language = chosen();
apply();
// Gradio writes its own guess into the document when it has started.
new MutationObserver(apply).observe(document.documentElement, { attributeFilter: ['lang', 'dir'] });

function chosen() {
  const asked = new URLSearchParams(location.search).get('lang');
  const own = navigator.language.startsWith('ar') ? 'ar' : 'en';
  return [asked, kept()].find((language) => language in texts) ?? own;
}

/** What the reader chose before; a browser that keeps nothing for us has no say. */
function kept() {
  try {
    return localStorage.getItem(KEPT);
  } catch {
    return null;
  }
}

function apply() {
  const root = document.documentElement;
  const dir = language === 'ar' ? 'rtl' : 'ltr';
  if (root.lang !== language) root.lang = language;
  if (root.dir !== dir) root.dir = dir;
  if (document.title !== t('title')) document.title = t('title');
}

export function currentLanguage() {
  return language;
}

export function switchLanguage() {
  language = language === 'ar' ? 'en' : 'ar';
  try {
    localStorage.setItem(KEPT, language);
  } catch {
    // It holds until the page is closed.
  }
  const address = new URL(location.href);
  if (address.searchParams.has('lang')) {
    address.searchParams.set('lang', language); // or loading the page anew would take it back
    history.replaceState(history.state, '', address);
  }
  apply();
  document.dispatchEvent(new Event(LANGUAGE));
}

/** The text of a key, its {placeholders} filled in. */
export function t(key, values = {}) {
  const text = texts[language][key] ?? key;
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? '');
}

/** A probability as a percentage; certainty is not on offer. */
export function percent(probability) {
  return numbers({ style: 'percent', maximumFractionDigits: 0 }).format(Math.min(probability, 0.99));
}

/** A measured share as a percentage, to a tenth. */
export function share(value) {
  return numbers({ style: 'percent', maximumFractionDigits: 1 }).format(value);
}

export function number(value) {
  return numbers().format(value);
}

function numbers(options) {
  return new Intl.NumberFormat(language === 'ar' ? 'ar-u-nu-arab' : language, options);
}

/** Fill in the texts of an element's markup, now and at each change of language. */
export function localize(element) {
  const fill = () => {
    element.dir = document.documentElement.dir; // Gradio's blocks all say ltr
    for (const node of element.querySelectorAll('[data-text]')) {
      node.textContent = t(node.dataset.text);
    }
    for (const node of element.querySelectorAll('[data-label]')) {
      node.setAttribute('aria-label', t(node.dataset.label));
    }
  };
  fill();
  document.addEventListener(LANGUAGE, fill);
}
