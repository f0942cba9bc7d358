import { showGallery } from './pictures.js';

const say = text => (document.getElementById('status').textContent = text);

/** Ends when a service worker looks after this page. */
async function startWorker() {
  const { serviceWorker } = navigator;
  const registration = await serviceWorker.register('sw.js', { type: 'module' });
  if (registration.active && !serviceWorker.controller) {
    throw new Error('The page was reloaded past its service worker.');
  }
  if (!serviceWorker.controller) {
    await new Promise(resolve => serviceWorker.addEventListener('controllerchange', resolve, { once: true }));
  }
}

say('Starting the service worker…');
try {
  await startWorker();
  say('Shown by the service worker.');
} catch (error) {
  console.warn(error);
  say('Shown without a service worker: this browser starts none here, or the page was reloaded past it. The server makes WebP files of the pictures instead.');
}
await showGallery(({ url, alt, width, height }) => Object.assign(new Image(width, height), { alt, src: url }));
