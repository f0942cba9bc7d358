// Answers requests of pages for pictures: those that are .icd files become PNG files. See README.md for how to install it.
import { IcdError } from './lib/errors.js';
import { decodeToPng } from './lib/decode.js';

const MEDIA_TYPE = 'image/x-icd';

self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', event => event.waitUntil(self.clients.claim()));
self.addEventListener('fetch', event => {
  if (event.request.destination === 'image') {
    event.respondWith(answer(event.request));
  }
});

/** Servers that choose a format send the file itself to those alone that name it. */
function askForIcd(request) {
  const headers = new Headers(request.headers);
  headers.set('Accept', `${MEDIA_TYPE}, ${headers.get('Accept') ?? '*/*'}`);
  return new Request(request, { headers });
}

async function answer(request) {
  const response = await fetch(askForIcd(request));
  const type = response.headers.get('Content-Type')?.split(';')[0].trim().toLowerCase();
  const isIcd = type === MEDIA_TYPE || new URL(request.url).pathname.toLowerCase().endsWith('.icd');
  // What comes from other sites without leave to be read is passed on, as is what is no success.
  if (!isIcd || !response.ok) {
    return response;
  }
  const bytes = await response.arrayBuffer();
  try {
    const png = await decodeToPng(bytes, { signal: request.signal });
    return new Response(png, { headers: { 'Content-Type': 'image/png' } });
  } catch (error) {
    if (error instanceof IcdError) {
      console.warn(`${request.url}: ${error.message}`);
    }
    // The page sees what the server sent, which it can't show, and so an error.
    return new Response(bytes, { status: response.status, headers: response.headers });
  }
}
