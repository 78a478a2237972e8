/** The head of the page: which view is shown, and the language. */

import { watchConnection } from './connection.js';
import { currentLanguage, LANGUAGE, localize, switchLanguage } from './texts.js';

export function mount(element) {
  localize(element);
  watchConnection();
  const links = [...element.querySelectorAll('.views a')];

  function show() {
    const names = links.map((link) => link.hash.slice(1));
    const name = names.includes(location.hash.slice(1)) ? location.hash.slice(1) : names[0];
    // Hidden with its view, an open dialog would still keep everything else from use.
    for (const dialog of document.querySelectorAll('dialog[open]')) dialog.close();
    document.documentElement.dataset.view = name;
    for (const link of links) {
      if (link.hash === `#${name}`) link.setAttribute('aria-current', 'page');
      else link.removeAttribute('aria-current');
    }
  }

  // The page has a <base>: a bare "#draw" would lead away from a query like ?lang=ar.
  document.addEventListener('click', (event) => {
    const link = event.target.closest?.('a[href^="#"]');
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    // Chosen again, a view makes no step for Back to take.
    if (link.hash !== location.hash) {
      history.pushState(null, '', location.pathname + location.search + link.hash);
    }
    show();
    if (element.contains(link)) return;
    scrollTo(0, 0); // the way to a view may be at the foot
    // Whoever goes by keys goes on from there.
    if (link.matches(':focus')) element.querySelector('[aria-current]').focus({ preventScroll: true });
  });
  addEventListener('popstate', show);
  show();

  const button = element.querySelector('.language');
  const mark = () => (button.lang = currentLanguage() === 'ar' ? 'en' : 'ar');
  mark();
  document.addEventListener(LANGUAGE, mark);
  button.addEventListener('click', switchLanguage);
}
