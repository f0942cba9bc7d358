import { formatBytes } from './format.js';

const POLL_MILLISECONDS = 1000;

const part = id => document.getElementById(id);

/**
 * Shows the pictures of the gallery, and waits for those that the server still makes.
 * @param {(picture: { url: string, alt: string, width: number, height: number }) => HTMLElement} create Makes the element of a picture.
 */
export async function showGallery(create) {
  const shown = new Set();
  for (;;) {
    const response = await fetch('../api/gallery').catch(() => null);
    if (!response?.ok) {
      part('error').textContent = 'The server can’t be reached, or has stopped. Reload the page later.';
      part('error').hidden = false;
      return;
    }
    const { pictures, isComplete } = await response.json();
    const added = pictures.filter(({ name }) => !shown.has(name));
    added.forEach(({ name }) => shown.add(name));
    part('pictures').prepend(...added.map(picture => itemOf(picture, create)));
    part('pictures').setAttribute('aria-busy', !isComplete);
    part('making').hidden = isComplete;
    if (isComplete) {
      return;
    }
    await new Promise(resolve => setTimeout(resolve, POLL_MILLISECONDS));
  }
}

function itemOf({ name, width, height, bytes, bpp }, create) {
  const title = name.replace(/\.icd$/, '');
  const caption = document.createElement('figcaption');
  const link = Object.assign(document.createElement('a'), { href: `../files/gallery/${name}`, download: name, textContent: name });
  const facts = document.createElement('span');
  facts.textContent = `${width}×${height}, ${formatBytes(bytes)}, ${bpp.toFixed(3)} bits a pixel`;
  caption.append(link, facts);
  const figure = document.createElement('figure');
  figure.append(create({ url: `../pictures/gallery/${name}`, alt: title, width, height }), caption);
  const item = document.createElement('li');
  item.append(figure);
  return item;
}
