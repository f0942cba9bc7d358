const STEP = 1;
const LARGE_STEP = 10;

/** Two pictures of one size on top of each other, with a divider between them, and a zoom. */
export class ComparisonView {
  #view;
  #scroller;
  #stage;
  #divider;
  #size = { width: 1, height: 1 };
  #zoom = 'fit';
  #position = 50;

  constructor(view) {
    this.#view = view;
    this.#scroller = view.querySelector('.scroller');
    this.#stage = view.querySelector('.stage');
    this.#divider = view.querySelector('.divider');
    this.#scroller.addEventListener('scroll', () => this.#cut());
    this.#divider.addEventListener('keydown', event => this.#press(event));
    this.#divider.addEventListener('pointerdown', event => this.#divider.setPointerCapture(event.pointerId));
    this.#divider.addEventListener('pointermove', event => this.#drag(event));
    new ResizeObserver(() => this.#layOut()).observe(view);
  }

  /** Pixels of the pictures to come. */
  setSize(width, height) {
    this.#size = { width, height };
    this.#layOut();
  }

  /** Shows a picture on one of the sides, left or right. */
  async show(side, name, url) {
    const image = this.#stage.querySelector(side === 'left' ? '.under' : '.over');
    image.src = url;
    image.alt = name;
    this.#view.querySelector(`.tag.${side}`).textContent = name;
    const names = [...this.#view.querySelectorAll('.tag')].map(tag => tag.textContent);
    this.#divider.setAttribute('aria-label', `Divider between ${names[0]} and ${names[1]}`);
    await image.decode();
  }

  /** Pixels of the screen for one of the picture, or "fit". What is in the middle stays there. */
  set zoom(value) {
    const { scrollLeft, scrollTop, clientWidth, clientHeight, scrollWidth, scrollHeight } = this.#scroller;
    const middle = { x: (scrollLeft + clientWidth / 2) / scrollWidth, y: (scrollTop + clientHeight / 2) / scrollHeight };
    this.#zoom = value;
    this.#layOut();
    this.#scroller.scrollLeft = middle.x * this.#scroller.scrollWidth - this.#scroller.clientWidth / 2;
    this.#scroller.scrollTop = middle.y * this.#scroller.scrollHeight - this.#scroller.clientHeight / 2;
    this.#cut();
  }

  #layOut() {
    const scale = this.#zoom === 'fit' ? Math.min(1, this.#view.clientWidth / this.#size.width) : this.#zoom;
    this.#stage.style.width = `${scale * this.#size.width}px`;
    this.#stage.style.height = `${scale * this.#size.height}px`;
    this.#stage.classList.toggle('is-enlarged', scale > 1);
    this.#cut();
  }

  /** Cuts the picture on the right off where the divider is on the screen. */
  #cut() {
    this.#divider.style.left = `${this.#position}%`;
    this.#divider.setAttribute('aria-valuenow', Math.round(this.#position));
    const view = this.#view.getBoundingClientRect();
    const stage = this.#stage.getBoundingClientRect();
    const place = view.left + view.width * this.#position / 100 - stage.left;
    this.#stage.style.setProperty('--cut', `${Math.min(Math.max(place, 0), stage.width)}px`);
  }

  #move(position) {
    this.#position = Math.min(Math.max(position, 0), 100);
    this.#cut();
  }

  #drag(event) {
    if (this.#divider.hasPointerCapture(event.pointerId)) {
      const view = this.#view.getBoundingClientRect();
      this.#move((event.clientX - view.left) / view.width * 100);
    }
  }

  #press(event) {
    const step = event.shiftKey ? LARGE_STEP : STEP;
    const targets = {
      ArrowLeft: this.#position - step,
      ArrowDown: this.#position - step,
      ArrowRight: this.#position + step,
      ArrowUp: this.#position + step,
      PageDown: this.#position - LARGE_STEP,
      PageUp: this.#position + LARGE_STEP,
      Home: 0,
      End: 100,
    };
    if (event.key in targets) {
      event.preventDefault();
      this.#move(targets[event.key]);
    }
  }
}
