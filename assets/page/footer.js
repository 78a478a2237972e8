/** The foot of the page: how good the model is, and where to read more. */

import { LANGUAGE, localize, share, t } from './texts.js';

export function mount(element, { props }) {
  localize(element);
  lead(element.querySelector('.to-card'), props.card);
  lead(element.querySelector('.to-source'), props.code);
  lead(element.querySelector('.to-given'), props.given);
  const { ahcd, others } = props.accuracy ?? {};
  const line = element.querySelector('.accuracy');
  line.hidden = !ahcd;
  const say = () => {
    element.querySelector('.promise').textContent = t(props.keeps ? 'footer.promise.keeps' : 'footer.promise');
    if (ahcd) {
      line.textContent = others
        ? t('footer.accuracy', { ahcd: share(ahcd), others: share(others) })
        : t('footer.accuracy.ahcd', { ahcd: share(ahcd) });
    }
  };
  say();
  document.addEventListener(LANGUAGE, say);
}

/** Let a link lead somewhere, or take it away where there is nothing to show. */
function lead(link, address) {
  if (address) link.href = address;
  else link.parentElement.remove();
}
