import { applyAlpha, decodeAlpha } from './alpha.js';
import { readContainer } from './container.js';
import { IcdError } from './errors.js';
import { decodeFitted } from './fitted.js';
import { sideOf } from './grids.js';
import { readMetadata } from './metadata.js';

export const MAX_PIXELS = 100_000_000;

/** What sides count as multiples of, where pixels are limited. */
const STRIDE = 16;

/** How long to work without a pause, in milliseconds. */
const SLICE = 12;

/** Scales by how often they halve sides. */
const SCALES = [1, 2, 4, 8];

/** Lets other tasks run; a timer would wait for longer. */
const pause = () => new Promise(resolve => {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    port1.close();
    resolve();
  };
  port2.postMessage(null);
});

/** Whether a file can be decoded, before memory is taken for it. */
function check(file, maxPixels) {
  if (file.model !== 'fitted') {
    const name = file.model ? `the model «${file.model}»` : `a model with the fingerprint ${file.fingerprint}`;
    throw new IcdError('unsupported-model', `The file needs ${name}; only files of «fitted» can be decoded here.`);
  }
  const strange = file.boxes.find(box => box.name === 'residual' || box.name === 'turn');
  if (strange) {
    throw new IcdError('unsupported-box', `The file has a box «${strange.name}», which no file of «fitted» has.`);
  }
  const pixels = STRIDE * Math.ceil(file.width / STRIDE) * STRIDE * Math.ceil(file.height / STRIDE);
  if (pixels > maxPixels) {
    throw new IcdError('too-large', `The picture of ${file.width}×${file.height} has, in blocks of ${STRIDE}, more than the ${maxPixels} pixels that are taken.`);
  }
}

function* decodeFile(file, scale) {
  const { width, height, boxes } = file;
  const metadata = readMetadata(boxes);
  const shift = SCALES.indexOf(scale);
  const picture = { width: sideOf(width, shift), height: sideOf(height, shift), metadata };
  picture.data = new Uint8ClampedArray(4 * picture.width * picture.height);
  // Alpha counts for a fifth of the work.
  const share = metadata.hasAlpha ? 0.8 : 1;
  for (const part of decodeFitted(file.body, width, height, shift, metadata.isGrey, picture.data)) {
    yield part * share;
  }
  if (metadata.hasAlpha) {
    const steps = decodeAlpha(boxes.find(box => box.name === 'alpha').payload, width, height);
    let step = steps.next();
    for (; !step.done; step = steps.next()) {
      yield share + step.value * (1 - share);
    }
    applyAlpha(step.value, width, height, scale, picture.data);
  }
  return picture;
}

async function run(bytes, { scale = 1, maxPixels = MAX_PIXELS }, signal, onProgress) {
  try {
    signal?.throwIfAborted();
    const file = readContainer(bytes);
    check(file, maxPixels);
    const steps = decodeFile(file, scale);
    for (let end = performance.now() + SLICE; ;) {
      const { value, done } = steps.next();
      if (done) {
        onProgress?.(1);
        return value;
      }
      // After the last step only little is left, and 1 is told when that is done.
      if (value < 1 && performance.now() >= end) {
        onProgress?.(value);
        await pause();
        signal?.throwIfAborted();
        end = performance.now() + SLICE;
      }
    }
  } catch (error) {
    // A picture within the limits may still be too large for the machine.
    throw error instanceof RangeError ? new IcdError('too-large', `There is not enough memory for the picture: ${error.message}.`) : error;
  }
}

let last = Promise.resolve();

/**
 * Decodes a file on this thread, with pauses. One at a time: modules keep the weights of the file that is being decoded.
 * @param {Uint8Array} bytes The whole file.
 * @param {{ scale?: number, maxPixels?: number }} options
 * @param {AbortSignal} [signal] Stops the work.
 * @param {(part: number) => void} [onProgress] Told the part that is done.
 */
export function decodeHere(bytes, options, signal, onProgress) {
  const result = last.then(() => run(bytes, options, signal, onProgress));
  last = result.catch(() => {});
  return result;
}
