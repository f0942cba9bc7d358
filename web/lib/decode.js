import { bytesOf } from './bytes.js';
import { isDisplayP3 } from './color.js';
import { decodeHere } from './job.js';
import { decodeInWorker, hasWorkers, NoWorkersError } from './pool.js';
import { encodePng } from './png.js';

const SCALES = [1, 2, 4, 8];

/** A promise that ends when another one does, or when a signal is aborted. */
const unlessAborted = (promise, signal) => new Promise((resolve, reject) => {
  const abort = () => reject(signal.reason);
  signal?.addEventListener('abort', abort, { once: true });
  promise.then(resolve, reject).finally(() => signal?.removeEventListener('abort', abort));
});

async function decodeAnywhere(bytes, options, signal, onProgress) {
  if (hasWorkers()) {
    try {
      return await decodeInWorker(bytes, options, signal, onProgress);
    } catch (error) {
      if (!(error instanceof NoWorkersError)) {
        throw error;
      }
    }
  }
  const picture = await decodeHere(bytes, options, signal, onProgress);
  return options.asPng ? { ...picture, data: await encodePng(picture) } : picture;
}

async function start(source, { signal, onProgress, scale = 1, maxPixels }, asPng) {
  const bytes = bytesOf(source);
  if (!SCALES.includes(scale)) {
    throw new RangeError(`The scale is 1, 2, 4 or 8, but ${scale} was given.`);
  }
  signal?.throwIfAborted();
  return unlessAborted(decodeAnywhere(bytes, { scale, maxPixels, asPng }, signal, onProgress), signal);
}

/** Decodes a picture; index.d.ts says all of it. */
export async function decode(source, options = {}) {
  const { data, width, height, metadata } = await start(source, options, false);
  return Object.assign(imageData(data, width, height, metadata), { metadata });
}

/** A real one where there are such. Engines that know sRGB alone pass over the colour space. */
function imageData(data, width, height, metadata) {
  const colorSpace = isDisplayP3(metadata) ? 'display-p3' : 'srgb';
  return typeof ImageData === 'function' ? new ImageData(data, width, height, { colorSpace }) : { width, height, data, colorSpace };
}

/** Decodes a picture to a PNG file with all that belongs to it. */
export async function decodeToPng(source, options = {}) {
  const { data } = await start(source, options, true);
  return new Blob([data], { type: 'image/png' });
}
