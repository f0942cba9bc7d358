import { IcdError } from './errors.js';

/** Workers at most; each decodes one picture at a time. */
const LIMIT = Math.max(1, Math.min(4, globalThis.navigator?.hardwareConcurrency ?? 1));

const idle = [];
const waiting = [];
let count = 0;
let isUsable = typeof Worker === 'function';

/** Whether there are workers, or may be. */
export const hasWorkers = () => isUsable;

/** Says that no worker starts here: its script can't be loaded, or the page's rules forbid it. */
export class NoWorkersError extends Error {}

function start() {
  try {
    return new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
  } catch {
    isUsable = false;
    return null;
  }
}

/** A worker that nobody else has, when there is one; null where there are none. */
function acquire() {
  if (!isUsable || idle.length > 0) {
    return idle.pop() ?? null;
  }
  if (count < LIMIT) {
    count++;
    return start();
  }
  return new Promise(resolve => waiting.push(resolve));
}

/** Gives a worker to the next who waits for one. */
function release(worker) {
  const next = waiting.shift();
  if (next) {
    next(worker);
  } else {
    idle.push(worker);
  }
}

/** Ends a worker that has failed; another one takes its place, unless none can. */
function discard(worker) {
  worker.terminate();
  count--;
  if (isUsable) {
    waiting.shift()?.(acquire());
  } else {
    waiting.splice(0).forEach(resolve => resolve(null));
  }
}

/**
 * Decodes a file in a worker.
 * @param {Uint8Array} bytes The whole file.
 * @param {{ scale?: number, maxPixels?: number, asPng?: boolean }} options
 * @param {AbortSignal} [signal] Stops the work.
 * @param {(part: number) => void} [onProgress] Told the part that is done.
 */
export async function decodeInWorker(bytes, options, signal, onProgress) {
  const worker = await acquire();
  if (!worker) {
    throw new NoWorkersError();
  }
  return new Promise((resolve, reject) => {
    const cancel = () => worker.postMessage({ cancel: true });
    worker.onmessage = ({ data }) => {
      if (data.ready) {
        worker.isReady = true;
      } else if (data.progress !== undefined) {
        onProgress?.(data.progress);
      } else {
        signal?.removeEventListener('abort', cancel);
        release(worker);
        if (data.result) {
          resolve(data.result);
        } else {
          reject(signal?.aborted ? signal.reason : errorOf(data.error));
        }
      }
    };
    worker.onerror = event => {
      event.preventDefault?.();
      signal?.removeEventListener('abort', cancel);
      isUsable &&= worker.isReady ?? false;
      discard(worker);
      reject(isUsable ? new Error(`A worker failed: ${event.message}`) : new NoWorkersError());
    };
    signal?.addEventListener('abort', cancel);
    worker.postMessage({ bytes, options });
    if (signal?.aborted) {
      cancel();
    }
  });
}

const errorOf = ({ name, code, message }) => (name === 'IcdError' ? new IcdError(code, message) : Object.assign(new Error(message), { name }));
