import { damaged } from './errors.js';
import { RangeDecoder } from './range-decoder.js';

const MIX = 0x2F0B4C47;
const CONTEXTS = 6;
const MOST = 2047;
const MAX_COUNT = 60;

const SQUASH = new Int32Array(2 * MOST + 1);
for (let x = 0, power = 1; x <= MOST; x++, power *= 1.0039138893383475734) {
  const value = Math.floor(65536 * (power / (1 + power)) + 0.5);
  SQUASH[MOST + x] = Math.min(value, 65535);
  SQUASH[MOST - x] = Math.max(65536 - value, 1);
}

/** For the upper twelve bits of a probability. */
const STRETCH = new Int32Array(4096);
for (let i = 0, x = -MOST; i < 4096; i++) {
  const distance = at => Math.abs(SQUASH[MOST + at] - 16 * i - 8);
  while (x < MOST && distance(x + 1) <= distance(x)) {
    x++;
  }
  STRETCH[i] = x;
}

const RATES = Int32Array.from({ length: MAX_COUNT + 1 }, (_, count) => Math.floor(65536 / (count + 1.5)));
const CONFIDENCE = Uint8Array.from({ length: MAX_COUNT + 1 }, (_, count) => (count < 3 ? count : count < 5 ? 3 : count < 9 ? 4 : count < 20 ? 5 : count < 60 ? 6 : 7));

/**
 * Decodes a stream of the context coder for a latent of one channel, and yields the part that is done now and then.
 * @param {Uint8Array} source The stream.
 * @param {number} width Columns.
 * @param {number} height Rows.
 * @param {Uint8Array} symbols Receives the symbols. Those that are known stand there already.
 * @param {((x: number, y: number) => boolean) | null} isKnown Which these are; null for none.
 */
export function* decodeSymbols(source, width, height, symbols, isKnown) {
  const decoder = new RangeDecoder(source);
  const bits = decoder.plain(4);
  if (bits > 8) {
    throw damaged('symbols have more bits than there can be');
  }
  const tableBits = Math.min(20, Math.max(12, 32 - Math.clz32(width * height)));
  const states = new Int32Array(CONTEXTS << tableBits).fill(32768 << 8);
  const weights = Int32Array.from({ length: 8 * CONTEXTS * 8 }, (_, i) => Math.floor(589824 * (i & 7) / 210));
  const contexts = new Int32Array(CONTEXTS);
  const slots = new Int32Array(CONTEXTS);
  const places = new Int32Array(CONTEXTS);
  const opinions = new Int32Array(CONTEXTS);

  function decodeBit(node, bit) {
    let sum = 0;
    for (let c = 0; c < CONTEXTS; c++) {
      let hash = Math.imul(contexts[c] + Math.imul(node, 0x9E3779B1) | 0, 0x85EBCA6B);
      hash = Math.imul(hash ^ hash >>> 15, 0xC2B2AE35);
      const slot = (c << tableBits) + (hash >>> 32 - tableBits);
      const state = states[slot];
      slots[c] = slot;
      places[c] = (bit * CONTEXTS + c) * 8 + CONFIDENCE[state & 255];
      opinions[c] = STRETCH[state >>> 12];
      sum += weights[places[c]] * opinions[c];
    }
    const mixed = Math.min(MOST, Math.max(-MOST, Math.floor(sum / 65536)));
    const probability = Math.min(65504, Math.max(32, SQUASH[MOST + mixed]));
    const value = decoder.bit(probability);
    const error = value * 65536 - probability;
    for (let c = 0; c < CONTEXTS; c++) {
      weights[places[c]] += opinions[c] * error >> 14;
      const state = states[slots[c]];
      const count = state & 255;
      const before = state >>> 8;
      const after = before + Math.floor((value * 65535 - before) * RATES[count] / 65536);
      states[slots[c]] = after << 8 | Math.min(count + 1, MAX_COUNT);
    }
    return value;
  }

  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (isKnown?.(x, y)) {
        continue;
      }
      const i = y * width + x;
      const north = y > 0 ? symbols[i - width] : x > 0 ? symbols[i - 1] : 0;
      const west = x > 0 ? symbols[i - 1] : north;
      const northWest = x > 0 && y > 0 ? symbols[i - width - 1] : north;
      const northEast = y > 0 && x < width - 1 ? symbols[i - width + 1] : north;
      // The contexts that see other channels alone are 0.
      const both = Math.imul(west, MIX) + north | 0;
      contexts[1] = Math.imul(both, MIX);
      contexts[4] = Math.imul(Math.imul(west + north, MIX), MIX);
      contexts[5] = Math.imul(Math.imul(both, MIX) + northEast | 0, MIX) + northWest;
      let node = 1;
      for (let bit = bits - 1; bit >= 0; bit--) {
        node = 2 * node + decodeBit(node, bit);
      }
      symbols[i] = node - (1 << bits);
    }
    yield (y + 1) / height;
  }
  decoder.end();
}
