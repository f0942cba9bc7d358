import { damaged } from './errors.js';
import { priorOf } from './prior.js';
import { rowOf } from './range-decoder.js';

/** Inputs of the entropy model: values of the same grid, then features of coarser ones. */
export const CONTEXTS = 14;
export const FEATURES = 6;
export const INPUTS = CONTEXTS + FEATURES;
export const COARSE = 11;
export const CHANNELS = 7;

const clamp16 = value => Math.min(32767, Math.max(-32768, value));

/** How many parameters each group has, at its number of hidden channels. */
const groupLengths = hidden => [
  2 * INPUTS * INPUTS + 4 * INPUTS, 2 * INPUTS + 2, 3 * FEATURES * (COARSE + 1), 24, 8 * hidden, 3 * hidden + 27, 168,
];

/**
 * Reads the networks, with which a body begins.
 * @param {import('./range-decoder.js').RangeDecoder} decoder
 * @param {typeof priorOf} prior Gives the prior of a size.
 * @returns The parameters of each group, in the order of the format, and the number of hidden channels of the synthesis.
 */
export function readNetworks(decoder, prior = priorOf) {
  const size = decoder.plain(2);
  if (size > 1) {
    throw damaged('its networks have a size that there is none of');
  }
  const hidden = size === 0 ? 16 : 48;
  const { means, exponents } = prior(size);
  const count = exponents.length;
  const rate = decoder.plain(5);
  const part = rate & 7;
  let at = (rate >> 3) * count;
  let next = 0;
  const groups = groupLengths(hidden).map(length => {
    const spread = decoder.plain(4);
    const step = spread === 0 ? 0 : decoder.plain(4);
    return Int32Array.from({ length }, () => {
      const mean = means[at] * (8 - part) + means[at + count] * part + 4 >> 3;
      const scale = Math.min(95, Math.max(0, 36 + exponents[next] - 8 * step + 4 * (spread - 8)));
      at++;
      next++;
      return spread === 0 ? mean : clamp16(mean + (decoder.value(0, rowOf(0, scale)) << step));
    });
  });
  return { groups, hidden };
}

/** Gives the weights that take channels what the filters that are left out at a scale multiply flat parts by. */
export function scaleNetworks({ groups, hidden }, shift) {
  let gain = 4096;
  for (let pass = 0; pass < 2 * shift; pass++) {
    const filter = 4 * (pass >> 1);
    const sum = clamp16(groups[3].subarray(filter, filter + 4).reduce((a, b) => a + b));
    gain = clamp16(gain * sum + 2048 >> 12);
  }
  const scale = weights => weights.forEach((weight, i) => weights[i] = clamp16(weight * gain + 2048 >> 12));
  if (shift > 0) {
    scale(groups[4].subarray(0, CHANNELS * hidden));
    scale(groups[5].subarray(3 * hidden + 3, 3 * hidden + 3 + 3 * CHANNELS));
  }
}
