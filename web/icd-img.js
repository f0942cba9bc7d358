import { decodeToPng } from './lib/decode.js';

const style = new CSSStyleSheet();
style.replaceSync(`
:host { display: inline-block; }
:host([hidden]) { display: none; }
img { display: block; width: 100%; height: 100%; object-fit: inherit; object-position: inherit; }
img[hidden] { display: none; }
`);

/** How far below what is seen a lazy picture is loaded. */
const LAZY_MARGIN = '300px';

/** Servers that choose a format send the file itself to those alone that name it. */
const ACCEPT = 'image/x-icd, */*;q=0.1';

/** Lengths as HTML has them: digits, perhaps with a fraction behind them. */
const lengthOf = value => (/^\s*\d+(\.\d+)?/.test(value ?? '') ? parseFloat(value) : null);

/** A picture of an `.icd` file that behaves like one of an `img`; index.d.ts and README.md say all of it. */
export class IcdImage extends HTMLElement {
  static observedAttributes = ['src', 'alt', 'width', 'height', 'loading'];

  #internals = this.attachInternals();
  #image = document.createElement('img');
  #alt = document.createElement('span');
  #hints = new CSSStyleSheet();
  #observer = null;
  #controller = null;
  #loading = null;
  #isComplete = true;

  constructor() {
    super();
    const root = this.attachShadow({ mode: 'open' });
    root.adoptedStyleSheets = [style, this.#hints];
    this.#image.alt = '';
    this.#image.hidden = true;
    this.#image.part = 'image';
    this.#alt.part = 'alt';
    this.#alt.hidden = true;
    this.#alt.ariaHidden = 'true';
    root.append(this.#image, this.#alt);
    this.#internals.role = 'img';
  }

  get src() {
    return this.hasAttribute('src') ? new URL(this.getAttribute('src'), document.baseURI).href : '';
  }

  set src(value) {
    this.setAttribute('src', value);
  }

  get alt() {
    return this.getAttribute('alt') ?? '';
  }

  set alt(value) {
    this.setAttribute('alt', value);
  }

  get loading() {
    return this.getAttribute('loading')?.toLowerCase() === 'lazy' ? 'lazy' : 'eager';
  }

  set loading(value) {
    this.setAttribute('loading', value);
  }

  get width() {
    return this.isConnected ? Math.round(this.getBoundingClientRect().width) : lengthOf(this.getAttribute('width')) ?? this.naturalWidth;
  }

  set width(value) {
    this.setAttribute('width', value);
  }

  get height() {
    return this.isConnected ? Math.round(this.getBoundingClientRect().height) : lengthOf(this.getAttribute('height')) ?? this.naturalHeight;
  }

  set height(value) {
    this.setAttribute('height', value);
  }

  get complete() {
    return this.#isComplete;
  }

  get naturalWidth() {
    return this.#image.naturalWidth;
  }

  get naturalHeight() {
    return this.#image.naturalHeight;
  }

  /** Loads the picture, if that has not begun, and waits until it can be shown. */
  async decode() {
    this.#load();
    await this.#loading;
  }

  connectedCallback() {
    this.#describe();
    this.#schedule();
  }

  disconnectedCallback() {
    this.#observer?.disconnect();
    this.#observer = null;
  }

  attributeChangedCallback(name) {
    if (name === 'src') {
      this.#reset();
      this.#schedule();
    } else if (name === 'loading') {
      this.#schedule();
    } else {
      this.#describe();
    }
  }

  /** What assistive technology and the layout know without the picture. */
  #describe() {
    const alt = this.getAttribute('alt');
    this.#internals.role = alt === '' ? 'presentation' : 'img';
    this.#internals.ariaLabel = alt;
    this.#alt.textContent = alt;
    const width = lengthOf(this.getAttribute('width'));
    const height = lengthOf(this.getAttribute('height'));
    const ratio = this.naturalWidth ? `${this.naturalWidth} / ${this.naturalHeight}` : width && height ? `auto ${width} / ${height}` : 'auto';
    const rule = (property, length) => (length === null ? '' : `${property}: ${length}px;`);
    this.#hints.replaceSync(`:host { ${rule('width', width)} ${rule('height', height)} aspect-ratio: ${ratio}; }`);
  }

  /** Forgets the picture, and stops what is on its way. */
  #reset() {
    this.#controller?.abort();
    this.#controller = null;
    this.#loading = null;
    this.#image.removeAttribute('src');
    this.#image.hidden = true;
    this.#alt.hidden = true;
    this.#isComplete = !this.hasAttribute('src');
    this.#describe();
  }

  /** Loads now, or when the picture comes near to what is seen. */
  #schedule() {
    this.#observer?.disconnect();
    this.#observer = null;
    if (!this.isConnected || this.#loading || !this.hasAttribute('src')) {
      return;
    }
    if (this.loading !== 'lazy') {
      this.#load();
      return;
    }
    this.#observer = new IntersectionObserver(entries => {
      if (entries.some(entry => entry.isIntersecting)) {
        this.#load();
      }
    }, { rootMargin: LAZY_MARGIN });
    this.#observer.observe(this);
  }

  #load() {
    this.#observer?.disconnect();
    this.#observer = null;
    if (this.#loading) {
      return;
    }
    this.#controller = new AbortController();
    this.#loading = this.#run(this.#controller.signal);
    // Whoever calls decode() is told; for all others there is the event.
    this.#loading.catch(() => {});
  }

  async #run(signal) {
    try {
      if (!this.getAttribute('src')) {
        throw new DOMException('The element has no src.', 'EncodingError');
      }
      const response = await fetch(this.src, { signal, headers: { Accept: ACCEPT } });
      if (!response.ok) {
        throw new DOMException(`The server answered ${response.status} ${response.statusText}.`, 'NetworkError');
      }
      const png = await decodeToPng(await response.arrayBuffer(), { signal });
      signal.throwIfAborted();
      await this.#show(png, signal);
    } catch (error) {
      if (!signal.aborted) {
        this.#alt.hidden = false;
        this.#end('error', error);
      }
      throw error;
    }
  }

  /** Gives the picture to the browser, which knows all about its colours. */
  async #show(png, signal) {
    const url = URL.createObjectURL(png);
    try {
      this.#image.src = url;
      await this.#image.decode();
      signal.throwIfAborted();
    } finally {
      URL.revokeObjectURL(url);
    }
    this.#image.hidden = false;
    this.#describe();
    this.#end('load');
  }

  #end(type, error) {
    this.#isComplete = true;
    this.dispatchEvent(error ? new ErrorEvent(type, { error, message: error.message }) : new Event(type));
  }
}

customElements.define('icd-img', IcdImage);
