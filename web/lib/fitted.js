import { readGrid } from './entropy.js';
import { countGrids, Grid, sideOf } from './grids.js';
import { readNetworks, scaleNetworks } from './networks.js';
import { RangeDecoder } from './range-decoder.js';
import { synthesize } from './synthesis.js';

/**
 * Decodes the body of a fitted file, and yields the part that is done now and then. Only one body can be decoded at a time.
 * @param {Uint8Array} body The body.
 * @param {number} width Width of the picture, as the container says.
 * @param {number} height Its height.
 * @param {number} shift How often the sides are halved, 0 … 3.
 * @param {boolean} isGrey Whether pixels become grey.
 * @param {Uint8ClampedArray} pixels Receives red, green, blue and 255 of each pixel.
 * @param {typeof import('./prior.js').priorOf} [prior] The prior; that of the format unless it is given.
 */
export function* decodeFitted(body, width, height, shift, isGrey, pixels, prior) {
  const decoder = new RangeDecoder(body);
  const networks = readNetworks(decoder, prior);
  const count = countGrids(width, height);
  // Three more than are coded, since each is seen with those above it.
  const grids = Array.from({ length: Math.max(count, shift + 1) + 3 }, (_, k) => (k < shift ? null : new Grid(sideOf(width, k), sideOf(height, k))));
  const area = k => grids[k].width * grids[k].height;
  let all = area(shift);
  for (let k = shift; k < count; k++) {
    all += area(k);
  }
  let done = 0;
  for (let k = count - 1; k >= shift; k--) {
    for (const part of readGrid(decoder, networks.groups, grids, k)) {
      yield (done + part * area(k)) / all;
    }
    done += area(k);
  }
  if (shift === 0) {
    decoder.end();
  }
  scaleNetworks(networks, shift);
  for (const part of synthesize(networks, grids, count, shift, isGrey, pixels)) {
    yield (done + part * area(shift)) / all;
  }
}
