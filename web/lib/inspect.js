import { bytesOf } from './bytes.js';
import { readContainer } from './container.js';

/** What a file says of itself; index.d.ts says all of it. */
export function inspect(source) {
  const { version, fingerprint, model, width, height, boxes } = readContainer(bytesOf(source));
  return { version, fingerprint, model, width, height, boxes: boxes.map(({ name, payload }) => ({ name, length: payload.length })) };
}
