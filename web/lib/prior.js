import { inflate } from './inflate.js';
import data from './prior-data.js';

/** Parameters of the small networks, and of the large ones. */
const COUNTS = [1533, 1885];
const ANCHORS = 5;
const ALL = (COUNTS[0] + COUNTS[1]) * (ANCHORS + 1);

/** Means of all anchors and then exponents, of the small networks and then of the large ones. */
let numbers;

function readNumbers() {
  const bytes = inflate(Uint8Array.from(atob(data), character => character.charCodeAt(0)), 3 * ALL);
  const all = Int32Array.from({ length: ALL }, (_, i) => {
    const folded = bytes[i] | bytes[ALL + i] << 8 | bytes[2 * ALL + i] << 16;
    return folded >> 1 ^ -(folded & 1);
  });
  // Anchors but the first are differences from the one before.
  let at = 0;
  for (const count of COUNTS) {
    for (let i = count; i < ANCHORS * count; i++) {
      all[at + i] += all[at + i - count];
    }
    at += (ANCHORS + 1) * count;
  }
  return all;
}

/**
 * The prior of a size of the networks.
 * @param {number} size 0 or 1.
 * @returns Means, five times as many as there are parameters, and exponents.
 */
export function priorOf(size) {
  numbers ??= readNumbers();
  const first = size * COUNTS[0] * (ANCHORS + 1);
  const middle = first + ANCHORS * COUNTS[size];
  return { means: numbers.subarray(first, middle), exponents: numbers.subarray(middle, middle + COUNTS[size]) };
}
