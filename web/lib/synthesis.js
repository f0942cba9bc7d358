import { CHANNELS } from './networks.js';
import { upsampledRows } from './upsampling.js';

const MAX_HIDDEN = 48;
const COLORS = 3;

// The weights of the file that is being decoded; why they are as they are, entropy.js says.
// For each hidden channel its bias, the weights of what it sees, and the weights with which colours see it. Zeros do for channels that there are not.
const STEP = 1 + CHANNELS + COLORS;
const hiddenLayer = new Int32Array((MAX_HIDDEN + 1) * STEP);
const colorBias = new Int32Array(COLORS);
const linear = new Float64Array((COLORS + 1) * (CHANNELS + 1));

// Both filters: for each input colour and place around, the weights of the three outputs.
const FILTER = 27 * COLORS;
const filterWeights = new Float64Array(2 * FILTER + 27);
const filterBias = new Float64Array(2 * COLORS);

function useWeights(groups, hidden) {
  const [, , , , first, colors, filters] = groups;
  hiddenLayer.fill(0);
  for (let h = 0; h < hidden; h++) {
    hiddenLayer[h * STEP] = first[CHANNELS * hidden + h] * 1024 + 1024;
    hiddenLayer.set(first.subarray(CHANNELS * h, CHANNELS * (h + 1)), h * STEP + 1);
    for (let c = 0; c < COLORS; c++) {
      hiddenLayer[h * STEP + 1 + CHANNELS + c] = colors[c * hidden + h];
    }
  }
  const linearAt = COLORS * hidden + COLORS;
  for (let c = 0; c < COLORS; c++) {
    colorBias[c] = colors[COLORS * hidden + c] * 1024 + 2048;
    linear.set(colors.subarray(linearAt + CHANNELS * c, linearAt + CHANNELS * (c + 1)), c * (CHANNELS + 1));
    linear[c * (CHANNELS + 1) + CHANNELS] = colors[linearAt + COLORS * CHANNELS + c] * 1024 + 512;
    for (let f = 0; f < 2; f++) {
      filterBias[f * COLORS + c] = filters[84 * f + 81 + c] * 1024 + 2048;
      for (let i = 0; i < 27; i++) {
        // From [output][input][place] to [input][place][output].
        filterWeights[f * FILTER + 3 * i + c] = filters[84 * f + 27 * c + i];
      }
    }
  }
}

const clamp = (value, least) => value < least ? least : value > 32767 ? 32767 : value;

/**
 * Colours before the filters, and what leads past all of it, of a row of channels. Pixels come in pairs, which share the loads of weights; a row of
 * an odd width has one more.
 * @param {Int32Array} channels The channels, each a row.
 * @param {number} row From one channel's row to the next one's, an even number.
 * @param {Float64Array} colors Receives the colours.
 * @param {number} at Where the first colour's row begins in it.
 * @param {number} stride From there to the next colour's.
 * @param {Int32Array} past Receives what leads past all of it.
 * @param {number} pastAt Where the first colour's row begins in it; the others follow.
 */
function mixRow(channels, row, colors, at, stride, past, pastAt) {
  for (let x = 0; x < row; x += 2) {
    const u0 = channels[x], u1 = channels[row + x], u2 = channels[2 * row + x], u3 = channels[3 * row + x], u4 = channels[4 * row + x],
      u5 = channels[5 * row + x], u6 = channels[6 * row + x];
    const v0 = channels[x + 1], v1 = channels[row + x + 1], v2 = channels[2 * row + x + 1], v3 = channels[3 * row + x + 1],
      v4 = channels[4 * row + x + 1], v5 = channels[5 * row + x + 1], v6 = channels[6 * row + x + 1];
    let red = colorBias[0], green = colorBias[1], blue = colorBias[2];
    let red2 = red, green2 = green, blue2 = blue;
    for (let h = 0; h < MAX_HIDDEN; h++) {
      const w = h * STEP;
      const w0 = hiddenLayer[w], w1 = hiddenLayer[w + 1], w2 = hiddenLayer[w + 2], w3 = hiddenLayer[w + 3], w4 = hiddenLayer[w + 4],
        w5 = hiddenLayer[w + 5], w6 = hiddenLayer[w + 6], w7 = hiddenLayer[w + 7], w8 = hiddenLayer[w + 8], w9 = hiddenLayer[w + 9],
        w10 = hiddenLayer[w + 10];
      let a = w0 + Math.imul(w1, u0) | 0;
      let b = w0 + Math.imul(w1, v0) | 0;
      a = a + Math.imul(w2, u1) | 0;
      b = b + Math.imul(w2, v1) | 0;
      a = a + Math.imul(w3, u2) | 0;
      b = b + Math.imul(w3, v2) | 0;
      a = a + Math.imul(w4, u3) | 0;
      b = b + Math.imul(w4, v3) | 0;
      a = a + Math.imul(w5, u4) | 0;
      b = b + Math.imul(w5, v4) | 0;
      a = a + Math.imul(w6, u5) | 0;
      b = b + Math.imul(w6, v5) | 0;
      a = a + Math.imul(w7, u6) | 0;
      b = b + Math.imul(w7, v6) | 0;
      a >>= 11;
      b >>= 11;
      a = Math.min(32767, a & ~(a >> 31));
      b = Math.min(32767, b & ~(b >> 31));
      red = red + Math.imul(w8, a) | 0;
      green = green + Math.imul(w9, a) | 0;
      blue = blue + Math.imul(w10, a) | 0;
      red2 = red2 + Math.imul(w8, b) | 0;
      green2 = green2 + Math.imul(w9, b) | 0;
      blue2 = blue2 + Math.imul(w10, b) | 0;
    }
    const to = at + x;
    colors[to] = clamp(red >> 12, -32768);
    colors[to + 1] = clamp(red2 >> 12, -32768);
    colors[to + stride] = clamp(green >> 12, -32768);
    colors[to + stride + 1] = clamp(green2 >> 12, -32768);
    colors[to + 2 * stride] = clamp(blue >> 12, -32768);
    colors[to + 2 * stride + 1] = clamp(blue2 >> 12, -32768);
    for (let c = 0; c < COLORS; c++) {
      const w = c * (CHANNELS + 1);
      past[pastAt + c * row + x] = linear[w] * u0 + linear[w + 1] * u1 + linear[w + 2] * u2 + linear[w + 3] * u3
        + linear[w + 4] * u4 + linear[w + 5] * u5 + linear[w + 6] * u6 + linear[w + 7] >> 10;
      past[pastAt + c * row + x + 1] = linear[w] * v0 + linear[w + 1] * v1 + linear[w + 2] * v2 + linear[w + 3] * v3
        + linear[w + 4] * v4 + linear[w + 5] * v5 + linear[w + 6] * v6 + linear[w + 7] >> 10;
    }
  }
}

/**
 * A row of the first or second filter, two pixels at a time.
 * @param {boolean} isSecond Which filter.
 * @param {Float64Array} from Rows of three colours, each with a margin of one value at either side, and one more.
 * @param {number} above Where the row above begins, its margin included.
 * @param {number} here Where the row begins.
 * @param {number} below Where the row below begins.
 * @param {number} stride From a colour's row to the next one's.
 * @param {number} width Pixels of a row.
 * @param {Float64Array} to Receives the row.
 * @param {number} at Where its first pixel goes.
 */
function filterRow(isSecond, from, above, here, below, stride, width, to, at) {
  const first = isSecond ? FILTER : 0;
  const bias = isSecond ? COLORS : 0;
  const least = isSecond ? -32768 : 0;
  for (let x = 0; x < width; x += 2) {
    let red = filterBias[bias], green = filterBias[bias + 1], blue = filterBias[bias + 2];
    let red2 = red, green2 = green, blue2 = blue;
    for (let i = 0; i < COLORS; i++) {
      const w = first + 27 * i;
      const a = above + i * stride + x, b = here + i * stride + x, c = below + i * stride + x;
      const a0 = from[a], a1 = from[a + 1], a2 = from[a + 2], a3 = from[a + 3];
      const b0 = from[b], b1 = from[b + 1], b2 = from[b + 2], b3 = from[b + 3];
      const c0 = from[c], c1 = from[c + 1], c2 = from[c + 2], c3 = from[c + 3];
      const rw0 = filterWeights[w], rw1 = filterWeights[w + 3], rw2 = filterWeights[w + 6], rw3 = filterWeights[w + 9], rw4 = filterWeights[w + 12],
        rw5 = filterWeights[w + 15], rw6 = filterWeights[w + 18], rw7 = filterWeights[w + 21], rw8 = filterWeights[w + 24];
      red += rw0 * a0 + rw1 * a1 + rw2 * a2 + rw3 * b0 + rw4 * b1 + rw5 * b2 + rw6 * c0 + rw7 * c1 + rw8 * c2;
      red2 += rw0 * a1 + rw1 * a2 + rw2 * a3 + rw3 * b1 + rw4 * b2 + rw5 * b3 + rw6 * c1 + rw7 * c2 + rw8 * c3;
      const gw0 = filterWeights[w + 1], gw1 = filterWeights[w + 4], gw2 = filterWeights[w + 7], gw3 = filterWeights[w + 10],
        gw4 = filterWeights[w + 13], gw5 = filterWeights[w + 16], gw6 = filterWeights[w + 19], gw7 = filterWeights[w + 22],
        gw8 = filterWeights[w + 25];
      green += gw0 * a0 + gw1 * a1 + gw2 * a2 + gw3 * b0 + gw4 * b1 + gw5 * b2 + gw6 * c0 + gw7 * c1 + gw8 * c2;
      green2 += gw0 * a1 + gw1 * a2 + gw2 * a3 + gw3 * b1 + gw4 * b2 + gw5 * b3 + gw6 * c1 + gw7 * c2 + gw8 * c3;
      const bw0 = filterWeights[w + 2], bw1 = filterWeights[w + 5], bw2 = filterWeights[w + 8], bw3 = filterWeights[w + 11],
        bw4 = filterWeights[w + 14], bw5 = filterWeights[w + 17], bw6 = filterWeights[w + 20], bw7 = filterWeights[w + 23],
        bw8 = filterWeights[w + 26];
      blue += bw0 * a0 + bw1 * a1 + bw2 * a2 + bw3 * b0 + bw4 * b1 + bw5 * b2 + bw6 * c0 + bw7 * c1 + bw8 * c2;
      blue2 += bw0 * a1 + bw1 * a2 + bw2 * a3 + bw3 * b1 + bw4 * b2 + bw5 * b3 + bw6 * c1 + bw7 * c2 + bw8 * c3;
    }
    const i = here + x + 1;
    const o = at + x;
    to[o] = clamp(from[i] + (red >> 12), least);
    to[o + 1] = clamp(from[i + 1] + (red2 >> 12), least);
    to[o + stride] = clamp(from[i + stride] + (green >> 12), least);
    to[o + stride + 1] = clamp(from[i + stride + 1] + (green2 >> 12), least);
    to[o + 2 * stride] = clamp(from[i + 2 * stride] + (blue >> 12), least);
    to[o + 2 * stride + 1] = clamp(from[i + 2 * stride + 1] + (blue2 >> 12), least);
  }
}

/** Four rows of three colours, in which a row stands at the place of its number modulo 4, with a margin of one value at either side. */
class ColorRows {
  /** See Grid.kept. */
  static kept = new ColorRows(1, 1);

  constructor(width, height) {
    this.width = width;
    this.last = height - 1;
    this.stride = width + 3;
    this.values = new Float64Array(4 * COLORS * this.stride);
  }

  /** Where a row stands; beyond the picture's edge, its last row. */
  at(y) {
    return (Math.min(this.last, Math.max(0, y)) & 3) * COLORS * this.stride;
  }

  /** Repeats the ends of a row that has been written. */
  close(y) {
    const { values, stride, width } = this;
    for (let c = 0, at = this.at(y); c < COLORS; c++, at += stride) {
      values[at] = values[at + 1];
      values[at + width + 1] = values[at + width];
    }
  }

  /** Makes a row of a filter. */
  filter(isSecond, y, to, at) {
    filterRow(isSecond, this.values, this.at(y - 1), this.at(y), this.at(y + 1), this.stride, this.width, to, at);
  }
}

/** Writes a row of pixels, all opaque. */
function writeRow(colors, stride, past, pastAt, row, width, isGrey, pixels, at) {
  for (let x = 0; x < width; x++) {
    for (let c = 0; c < COLORS; c++) {
      pixels[at + 4 * x + c] = (colors[c * stride + x] * 4 + past[pastAt + c * row + x] + 32 >> 6) + 128;
    }
    const i = at + 4 * x;
    if (isGrey) {
      pixels[i] = pixels[i + 1] = pixels[i + 2] = (pixels[i] + pixels[i + 1] + pixels[i + 2] + 1) / 3 | 0;
    }
    pixels[i + 3] = 255;
  }
}

/**
 * Makes pixels of grids, and yields the part of them that is done now and then. Nothing else may make some before it is done.
 * @param {{ groups: Int32Array[], hidden: number }} networks
 * @param {import('./grids.js').Grid[]} grids
 * @param {number} count How many grids the file has.
 * @param {number} shift The finest grid that is used, whose size the picture has.
 * @param {boolean} isGrey Whether pixels become grey.
 * @param {Uint8ClampedArray} pixels Receives them, four bytes each.
 */
export function* synthesize({ groups, hidden }, grids, count, shift, isGrey, pixels) {
  useWeights(groups, hidden);
  const { width, height } = grids[shift];
  const row = width + (width & 1);
  const channels = new Int32Array(CHANNELS * row);
  const sources = [];
  for (let k = shift; k < count; k++) {
    sources[k] = upsampledRows(grids[k], k, shift, groups[3], grids);
  }
  const mixed = new ColorRows(width, height);
  const filtered = new ColorRows(width, height);
  const { stride } = mixed;
  const past = new Int32Array(4 * COLORS * row);
  const colors = new Float64Array(COLORS * stride);
  for (let y = 0; y < height + 2; y++) {
    if (y < height) {
      for (let k = shift; k < count; k++) {
        sources[k].next(channels, k * row);
      }
      mixRow(channels, row, mixed.values, mixed.at(y) + 1, stride, past, (y & 3) * COLORS * row);
      mixed.close(y);
    }
    if (y >= 1 && y <= height) {
      mixed.filter(false, y - 1, filtered.values, filtered.at(y - 1) + 1);
      filtered.close(y - 1);
    }
    if (y >= 2) {
      filtered.filter(true, y - 2, colors, 0);
      writeRow(colors, stride, past, (y - 2 & 3) * COLORS * row, row, width, isGrey, pixels, 4 * (y - 2) * width);
    }
    yield Math.min(1, (y + 1) / height);
  }
}
