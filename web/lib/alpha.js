import { decodeSymbols } from './context-coder.js';
import { damaged } from './errors.js';
import { readNumber } from './bytes.js';

const BLOCK_BITS = 3;
const HIGHEST = 2;

/**
 * Decodes the alpha channel, and yields the part that is done now and then.
 * @param {Uint8Array} payload What the box holds.
 * @param {number} width Width of the picture.
 * @param {number} height Its height.
 * @returns The opacity of each pixel.
 */
export function* decodeAlpha(payload, width, height) {
  const { values, length } = readValues(payload);
  const at = { bytes: payload, position: length, end: payload.length };
  const kindsLength = readNumber(at);
  if (kindsLength > payload.length - at.position) {
    throw damaged('the box alpha ends too early');
  }
  const columns = Math.ceil(width / 8);
  const kinds = new Uint8Array(columns * Math.ceil(height / 8));
  const share = kinds.length / (kinds.length + width * height);
  for (const part of decodeSymbols(payload.subarray(at.position, at.position + kindsLength), columns, kinds.length / columns, kinds, null)) {
    yield part * share;
  }
  if (kinds.some(kind => kind > HIGHEST)) {
    throw damaged('a block of alpha is of no kind that there is');
  }
  const kindAt = (x, y) => kinds[(y >> BLOCK_BITS) * columns + (x >> BLOCK_BITS)];
  const plane = new Uint8Array(width * height);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      plane[i] = kindAt(x, y) === HIGHEST ? values.length - 1 : 0;
    }
  }
  for (const part of decodeSymbols(payload.subarray(at.position + kindsLength), width, height, plane, (x, y) => kindAt(x, y) > 0)) {
    yield share + part * (1 - share);
  }
  for (let i = 0; i < plane.length; i++) {
    if (plane[i] >= values.length) {
      throw damaged('a pixel has an opacity that there is none of');
    }
    plane[i] = values[plane[i]];
  }
  return plane;
}

/** The opacities that there are, rising, and how many bytes say so. */
function readValues(payload) {
  const count = payload[0];
  const length = 1 + (count || 32);
  // Also where there is no byte at all.
  if (!(count < 32) || payload.length < length) {
    throw damaged('the box alpha does not say which values there are');
  }
  const head = payload.subarray(1, length);
  const values = count ? [...head] : Array.from({ length: 256 }, (_, value) => value).filter(value => head[value >> 3] >> (value & 7) & 1);
  if (values.length === 0 || values.some((value, i) => i > 0 && value <= values[i - 1])) {
    throw damaged('the values of the box alpha do not rise');
  }
  return { values, length };
}

/** Gives pixels of a picture at a scale the means of the opacities that each stands for. */
export function applyAlpha(plane, width, height, scale, pixels) {
  let at = 3;
  for (let top = 0; top < height; top += scale) {
    for (let left = 0; left < width; left += scale, at += 4) {
      const right = Math.min(width, left + scale);
      const bottom = Math.min(height, top + scale);
      let sum = 0;
      for (let y = top; y < bottom; y++) {
        for (let x = left; x < right; x++) {
          sum += plane[y * width + x];
        }
      }
      const count = (right - left) * (bottom - top);
      pixels[at] = Math.floor((2 * sum + count) / (2 * count));
    }
  }
}
