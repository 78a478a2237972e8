/** How programs call Harf: its endpoints, and an example in each of three languages. */

import { LANGUAGE, localize, t } from './texts.js';

const ENDPOINTS = ['recognize', 'recognize_strokes', 'letters'];
const EXAMPLES = { curl: 'curl.sh', Python: 'python.py', JavaScript: 'javascript.js' };
// What stands in the examples for this page's own address, and for its pictures'.
const ADDRESS = 'http://127.0.0.1:7860';
const PICTURES = '/page/examples/';

export async function mount(element, { props }) {
  const address = document.baseURI.replace(/[?#].*/, '').replace(/\/$/, '');
  element.querySelector('.endpoints').append(...ENDPOINTS.flatMap(endpoint));
  if (props.mcp) {
    element.querySelector('.tools-for-assistants').hidden = false;
    element.querySelector('.tools-for-assistants code').textContent = `${address}/gradio_api/mcp/`;
  }
  localize(element);
  const read = async (name) => (await fetch(new URL(`calls/${name}`, import.meta.url))).text();
  const [answer, ...sources] = await Promise.all(['answer.json', ...Object.values(EXAMPLES)].map(read));
  const here = (source) => source.replace(PICTURES, `/${props.pictures}/`).replaceAll(ADDRESS, address);
  const blocks = Object.keys(EXAMPLES).map((language, i) => example(language, here(sources[i]).trim()));
  element.querySelector('.examples-of-calls').append(...blocks);
  element.querySelector('.answer-of-calls code').textContent = answer.trim();
}

function endpoint(name) {
  const term = document.createElement('dt');
  const code = document.createElement('code');
  code.dir = 'ltr';
  code.textContent = `/${name}`;
  term.append(code);
  const meaning = document.createElement('dd');
  meaning.dataset.text = `calls.${name}`;
  return [term, meaning];
}

function example(language, source) {
  const block = document.createElement('div');
  block.className = 'call';
  const title = document.createElement('h3');
  title.lang = 'en';
  title.textContent = language;
  const code = document.createElement('code');
  code.textContent = source;
  const box = document.createElement('pre');
  box.dir = 'ltr';
  box.tabIndex = 0; // so that the keyboard can scroll it
  box.setAttribute('role', 'group');
  box.append(code);
  block.append(title, box);
  const name = () => box.setAttribute('aria-label', t('calls.example', { language }));
  name();
  document.addEventListener(LANGUAGE, name);
  if (navigator.clipboard) title.after(copyButton(language, source, code));
  return block;
}

/** A button that copies the source in a code element; browsers offer it on safe connections alone. */
function copyButton(language, source, code) {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'tool copy';
  let isCopied = false;
  const name = () => {
    button.textContent = t(isCopied ? 'calls.copied' : 'calls.copy');
    button.setAttribute('aria-label', `${button.textContent}: ${language}`);
  };
  button.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(source);
    } catch {
      getSelection().selectAllChildren(code); // denied: a key copies what is marked
      return;
    }
    isCopied = true;
    name();
    setTimeout(() => {
      isCopied = false;
      name();
    }, 2000);
  });
  name();
  document.addEventListener(LANGUAGE, name);
  return button;
}
