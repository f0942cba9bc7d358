import { COARSE, CONTEXTS, FEATURES, INPUTS } from './networks.js';
import { rowOf } from './range-decoder.js';

// The weights of the file that is being decoded. They are constants of the module, a row longer than is used: so the engine knows
// where they lie, and that no index goes beyond. Doubles hold all sums of products exactly, and are faster than integers.
const layer1 = new Float64Array((INPUTS + 1) * CONTEXTS);
const layer2 = new Float64Array((INPUTS + 1) * INPUTS);
const bias2 = new Float64Array(INPUTS + 1);
const output = new Float64Array(2 * INPUTS + 1);
const direct = new Float64Array(2 * INPUTS);
const fromFeatures = new Float64Array((INPUTS + 1) * FEATURES);
const bias1 = new Float64Array(INPUTS + 1);
const features = new Float64Array((FEATURES + 1) * (COARSE + 1));
const outputBias = new Float64Array(2);

// Inputs and the first layer of the two values that are being predicted.
const WIDTH = INPUTS + 1;
const input = new Int32Array(2 * WIDTH);
const hidden = new Float64Array(2 * WIDTH);

// What values with the same parent share, for four parents of each row of parents: sums to which layer 1 and the outputs add, and features. Beside
// them stand the last prediction, and whether all its contexts were zero: so it is that of the next such value too.
const SLOT = 32;
const FEATURE = INPUTS;
const SUM = FEATURE + FEATURES;
const MEAN = SUM + 2;
const ROW = MEAN + 1;
const ALONE = ROW + 1;

/** Where the slot of a value's parent begins. */
const slotOf = (x, y, mask) => ((y >> 1 & mask) * 4 + (x >> 1 & 3)) * SLOT;

/** Takes the weights for a grid. */
function useWeights(groups, k) {
  const [weights, biases, sets] = groups;
  for (let o = 0; o < INPUTS; o++) {
    for (let i = 0; i < CONTEXTS; i++) {
      layer1[o * CONTEXTS + i] = weights[o * INPUTS + i];
    }
    for (let i = 0; i < FEATURES; i++) {
      fromFeatures[o * FEATURES + i] = weights[o * INPUTS + CONTEXTS + i];
    }
    bias1[o] = biases[o] * 64 + 512;
    bias2[o] = biases[INPUTS + o] * 64 + 512;
  }
  const square = INPUTS * INPUTS;
  layer2.set(weights.subarray(square, 2 * square));
  output.set(weights.subarray(2 * square, 2 * square + 2 * INPUTS));
  direct.set(weights.subarray(2 * square + 2 * INPUTS));
  outputBias[0] = biases[2 * INPUTS] * 64 + 2048;
  outputBias[1] = biases[2 * INPUTS + 1] * 64 + 4096;
  const set = Math.min(k, 2) * FEATURES * (COARSE + 1);
  for (let f = 0; f < FEATURES; f++) {
    features.set(sets.subarray(set + f * COARSE, set + (f + 1) * COARSE), f * (COARSE + 1));
    features[f * (COARSE + 1) + COARSE] = sets[set + FEATURES * COARSE + f];
  }
}

/** Makes what the values with a parent share. */
function fillSlot(slots, slot, [parent, parent2, parent3], x, y) {
  const { values, stride } = parent;
  const i = parent.first + y * stride + x;
  const v0 = values[i - stride - 1], v1 = values[i - stride], v2 = values[i - stride + 1];
  const v3 = values[i - 1], v4 = values[i], v5 = values[i + 1];
  const v6 = values[i + stride - 1], v7 = values[i + stride], v8 = values[i + stride + 1];
  const v9 = parent2.values[parent2.first + (y >> 1) * parent2.stride + (x >> 1)];
  const v10 = parent3.values[parent3.first + (y >> 2) * parent3.stride + (x >> 2)];
  for (let f = 0; f < FEATURES; f++) {
    const w = f * (COARSE + 1);
    const sum = (features[w] * v0 + features[w + 1] * v1 + features[w + 2] * v2 + features[w + 3] * v3)
      + (features[w + 4] * v4 + features[w + 5] * v5 + features[w + 6] * v6 + features[w + 7] * v7)
      + (features[w + 8] * v8 + features[w + 9] * v9 + features[w + 10] * v10 + features[w + 11]);
    slots[slot + FEATURE + f] = Math.min(32767, Math.max(-32768, sum + 8 >> 4));
  }
  const at = slot + FEATURE;
  const f0 = slots[at], f1 = slots[at + 1], f2 = slots[at + 2], f3 = slots[at + 3], f4 = slots[at + 4], f5 = slots[at + 5];
  for (let o = 0; o < INPUTS; o++) {
    const w = o * FEATURES;
    slots[slot + o] = bias1[o] + (fromFeatures[w] * f0 + fromFeatures[w + 1] * f1 + fromFeatures[w + 2] * f2)
      + (fromFeatures[w + 3] * f3 + fromFeatures[w + 4] * f4 + fromFeatures[w + 5] * f5);
  }
  slots[slot + SUM] = outputBias[0] + direct[14] * f0 + direct[15] * f1 + direct[16] * f2 + direct[17] * f3 + direct[18] * f4 + direct[19] * f5;
  slots[slot + SUM + 1] = outputBias[1] + direct[34] * f0 + direct[35] * f1 + direct[36] * f2 + direct[37] * f3 + direct[38] * f4 + direct[39] * f5;
  slots[slot + ALONE] = 0;
}

/**
 * Predicts two values of a wave, which share the loads of weights. Rows that are not there are far below the first one.
 * @param {Int16Array} values The grid's values.
 * @param {number} stride From a row to the next one.
 * @param {Float64Array} slots What values with the same parent share.
 * @param {number} aAt Where the one value stands.
 * @param {number} aSlot Where the slot of its parent begins.
 * @param {number} bAt Where the other value stands.
 * @param {number} bSlot Where the slot of its parent begins.
 */
function predictPair(values, stride, slots, aAt, aSlot, bAt, bSlot) {
  const aUp = aAt - stride, aUp2 = aUp - stride, aUp3 = aUp2 - stride;
  const bUp = bAt - stride, bUp2 = bUp - stride, bUp3 = bUp2 - stride;
  const a0 = values[aAt - 1] << 6, a1 = values[aUp] << 6, a2 = values[aUp - 1] << 6, a3 = values[aUp + 1] << 6, a4 = values[aAt - 2] << 6,
    a5 = values[aUp2] << 6, a6 = values[aUp + 2] << 6, a7 = values[aUp - 2] << 6, a8 = values[aUp2 - 1] << 6, a9 = values[aUp2 + 1] << 6,
    a10 = values[aAt - 3] << 6, a11 = values[aUp3] << 6, a12 = values[aUp2 - 2] << 6, a13 = values[aUp2 + 2] << 6;
  const b0 = values[bAt - 1] << 6, b1 = values[bUp] << 6, b2 = values[bUp - 1] << 6, b3 = values[bUp + 1] << 6, b4 = values[bAt - 2] << 6,
    b5 = values[bUp2] << 6, b6 = values[bUp + 2] << 6, b7 = values[bUp - 2] << 6, b8 = values[bUp2 - 1] << 6, b9 = values[bUp2 + 1] << 6,
    b10 = values[bAt - 3] << 6, b11 = values[bUp3] << 6, b12 = values[bUp2 - 2] << 6, b13 = values[bUp2 + 2] << 6;
  input[0] = a0; input[1] = a1; input[2] = a2; input[3] = a3; input[4] = a4; input[5] = a5; input[6] = a6; input[7] = a7; input[8] = a8;
  input[9] = a9; input[10] = a10; input[11] = a11; input[12] = a12; input[13] = a13;
  input[WIDTH + 0] = b0; input[WIDTH + 1] = b1; input[WIDTH + 2] = b2; input[WIDTH + 3] = b3; input[WIDTH + 4] = b4; input[WIDTH + 5] = b5;
  input[WIDTH + 6] = b6; input[WIDTH + 7] = b7; input[WIDTH + 8] = b8; input[WIDTH + 9] = b9; input[WIDTH + 10] = b10; input[WIDTH + 11] = b11;
  input[WIDTH + 12] = b12; input[WIDTH + 13] = b13;
  for (let f = 0; f < FEATURES; f++) {
    input[CONTEXTS + f] = slots[aSlot + FEATURE + f];
    input[WIDTH + CONTEXTS + f] = slots[bSlot + FEATURE + f];
  }

  for (let o = 0; o < INPUTS; o++) {
    const w = o * CONTEXTS;
    const w0 = layer1[w], w1 = layer1[w + 1], w2 = layer1[w + 2], w3 = layer1[w + 3], w4 = layer1[w + 4], w5 = layer1[w + 5], w6 = layer1[w + 6],
      w7 = layer1[w + 7], w8 = layer1[w + 8], w9 = layer1[w + 9], w10 = layer1[w + 10], w11 = layer1[w + 11], w12 = layer1[w + 12],
      w13 = layer1[w + 13];
    let a = slots[aSlot + o] + (w0 * a0 + w1 * a1 + w2 * a2 + w3 * a3 + w4 * a4) + (w5 * a5 + w6 * a6 + w7 * a7 + w8 * a8 + w9 * a9)
      + (w10 * a10 + w11 * a11 + w12 * a12 + w13 * a13);
    let b = slots[bSlot + o] + (w0 * b0 + w1 * b1 + w2 * b2 + w3 * b3 + w4 * b4) + (w5 * b5 + w6 * b6 + w7 * b7 + w8 * b8 + w9 * b9)
      + (w10 * b10 + w11 * b11 + w12 * b12 + w13 * b13);
    a = (a >> 10) + input[o];
    b = (b >> 10) + input[WIDTH + o];
    hidden[o] = Math.min(32767, a & ~(a >> 31));
    hidden[WIDTH + o] = Math.min(32767, b & ~(b >> 31));
  }

  const x0 = hidden[0], x1 = hidden[1], x2 = hidden[2], x3 = hidden[3], x4 = hidden[4], x5 = hidden[5], x6 = hidden[6], x7 = hidden[7],
    x8 = hidden[8], x9 = hidden[9], x10 = hidden[10], x11 = hidden[11], x12 = hidden[12], x13 = hidden[13], x14 = hidden[14], x15 = hidden[15],
    x16 = hidden[16], x17 = hidden[17], x18 = hidden[18], x19 = hidden[19];
  const y0 = hidden[WIDTH + 0], y1 = hidden[WIDTH + 1], y2 = hidden[WIDTH + 2], y3 = hidden[WIDTH + 3], y4 = hidden[WIDTH + 4],
    y5 = hidden[WIDTH + 5], y6 = hidden[WIDTH + 6], y7 = hidden[WIDTH + 7], y8 = hidden[WIDTH + 8], y9 = hidden[WIDTH + 9], y10 = hidden[WIDTH + 10],
    y11 = hidden[WIDTH + 11], y12 = hidden[WIDTH + 12], y13 = hidden[WIDTH + 13], y14 = hidden[WIDTH + 14], y15 = hidden[WIDTH + 15],
    y16 = hidden[WIDTH + 16], y17 = hidden[WIDTH + 17], y18 = hidden[WIDTH + 18], y19 = hidden[WIDTH + 19];
  let aMean = slots[aSlot + SUM] + direct[0] * a0 + direct[1] * a1 + direct[2] * a2 + direct[3] * a3 + direct[4] * a4 + direct[5] * a5
    + direct[6] * a6 + direct[7] * a7 + direct[8] * a8 + direct[9] * a9 + direct[10] * a10 + direct[11] * a11 + direct[12] * a12 + direct[13] * a13;
  let aScale = slots[aSlot + SUM + 1] + direct[20] * a0 + direct[21] * a1 + direct[22] * a2 + direct[23] * a3 + direct[24] * a4 + direct[25] * a5
    + direct[26] * a6 + direct[27] * a7 + direct[28] * a8 + direct[29] * a9 + direct[30] * a10 + direct[31] * a11 + direct[32] * a12
    + direct[33] * a13;
  let bMean = slots[bSlot + SUM] + direct[0] * b0 + direct[1] * b1 + direct[2] * b2 + direct[3] * b3 + direct[4] * b4 + direct[5] * b5
    + direct[6] * b6 + direct[7] * b7 + direct[8] * b8 + direct[9] * b9 + direct[10] * b10 + direct[11] * b11 + direct[12] * b12 + direct[13] * b13;
  let bScale = slots[bSlot + SUM + 1] + direct[20] * b0 + direct[21] * b1 + direct[22] * b2 + direct[23] * b3 + direct[24] * b4 + direct[25] * b5
    + direct[26] * b6 + direct[27] * b7 + direct[28] * b8 + direct[29] * b9 + direct[30] * b10 + direct[31] * b11 + direct[32] * b12
    + direct[33] * b13;
  for (let o = 0; o < INPUTS; o++) {
    const w = o * INPUTS;
    const w0 = layer2[w], w1 = layer2[w + 1], w2 = layer2[w + 2], w3 = layer2[w + 3], w4 = layer2[w + 4], w5 = layer2[w + 5], w6 = layer2[w + 6],
      w7 = layer2[w + 7], w8 = layer2[w + 8], w9 = layer2[w + 9], w10 = layer2[w + 10], w11 = layer2[w + 11], w12 = layer2[w + 12],
      w13 = layer2[w + 13], w14 = layer2[w + 14], w15 = layer2[w + 15], w16 = layer2[w + 16], w17 = layer2[w + 17], w18 = layer2[w + 18],
      w19 = layer2[w + 19];
    let a = bias2[o] + (w0 * x0 + w1 * x1 + w2 * x2 + w3 * x3 + w4 * x4) + (w5 * x5 + w6 * x6 + w7 * x7 + w8 * x8 + w9 * x9)
      + (w10 * x10 + w11 * x11 + w12 * x12 + w13 * x13 + w14 * x14) + (w15 * x15 + w16 * x16 + w17 * x17 + w18 * x18 + w19 * x19);
    let b = bias2[o] + (w0 * y0 + w1 * y1 + w2 * y2 + w3 * y3 + w4 * y4) + (w5 * y5 + w6 * y6 + w7 * y7 + w8 * y8 + w9 * y9)
      + (w10 * y10 + w11 * y11 + w12 * y12 + w13 * y13 + w14 * y14) + (w15 * y15 + w16 * y16 + w17 * y17 + w18 * y18 + w19 * y19);
    a = (a >> 10) + hidden[o] | 0;
    b = (b >> 10) + hidden[WIDTH + o] | 0;
    a = Math.min(32767, a & ~(a >> 31));
    b = Math.min(32767, b & ~(b >> 31));
    aMean += output[o] * a;
    aScale += output[INPUTS + o] * a;
    bMean += output[o] * b;
    bScale += output[INPUTS + o] * b;
  }
  keep(slots, aSlot, aMean >> 12, aScale >> 13);
  keep(slots, bSlot, bMean >> 12, bScale >> 13);
}

/** Keeps a prediction. */
function keep(slots, slot, mean, scale) {
  const sixteenths = Math.min(8176, Math.max(-8176, mean));
  const whole = sixteenths + 8 >> 4;
  slots[slot + MEAN] = whole;
  slots[slot + ROW] = rowOf(sixteenths - 16 * whole, Math.min(95, Math.max(0, 36 + scale)));
}

/** Whether all contexts of a value are zero. */
function isAlone(values, stride, at) {
  const up = at - stride, up2 = up - stride;
  return (values[at - 1] | values[at - 2] | values[at - 3] | values[up - 2] | values[up - 1] | values[up] | values[up + 1] | values[up + 2]
    | values[up2 - 2] | values[up2 - 1] | values[up2] | values[up2 + 1] | values[up2 + 2] | values[up2 - stride]) === 0;
}

/** Reads a wave: the values at (t − 3y, y) for all rows y from first to last. */
function readWave(decoder, grid, parents, slots, mask, t, first, last) {
  const { values, stride } = grid;
  const step = stride - 3;
  const begin = grid.first + first * stride + t - 3 * first;
  let waiting = -1, waitingSlot = 0;
  for (let y = first, at = begin; y <= last; y++, at += step) {
    const x = t - 3 * y;
    const slot = slotOf(x, y, mask);
    if (((x | y) & 1) === 0) {
      fillSlot(slots, slot, parents, x >> 1, y >> 1);
    }
    const alone = isAlone(values, stride, at);
    if (alone && slots[slot + ALONE]) {
      continue;
    }
    slots[slot + ALONE] = alone ? 1 : 0;
    if (waiting < 0) {
      waiting = at;
      waitingSlot = slot;
    } else {
      predictPair(values, stride, slots, waiting, waitingSlot, at, slot);
      waiting = -1;
    }
  }
  if (waiting >= 0) {
    predictPair(values, stride, slots, waiting, waitingSlot, waiting, waitingSlot);
  }
  for (let y = first, at = begin; y <= last; y++, at += step) {
    const slot = slotOf(t - 3 * y, y, mask);
    values[at] = decoder.value(slots[slot + MEAN], slots[slot + ROW]);
  }
}

/**
 * Reads a grid, and yields the part of it that is done now and then. Nothing else may read one before it is done.
 * @param {import('./range-decoder.js').RangeDecoder} decoder
 * @param {Int32Array[]} groups The parameters of the networks.
 * @param {import('./grids.js').Grid[]} grids The latent; three more than are coded, of zeros.
 * @param {number} k Which grid.
 */
export function* readGrid(decoder, groups, grids, k) {
  if (decoder.plain(1)) {
    return;
  }
  useWeights(groups, k);
  const grid = grids[k];
  const parents = grids.slice(k + 1, k + 4);
  const { width, height } = grid;
  // A wave has at most so many rows of parents.
  const rows = Math.min(height, Math.ceil(width / 3) + 1) / 2 + 2;
  const mask = 2 ** Math.ceil(Math.log2(rows)) - 1;
  const slots = new Float64Array((mask + 1) * 4 * SLOT);
  const waves = width + 3 * (height - 1);
  for (let t = 0; t < waves; t++) {
    readWave(decoder, grid, parents, slots, mask, t, Math.max(0, Math.ceil((t - width + 1) / 3)), Math.min(height - 1, Math.floor(t / 3)));
    yield (t + 1) / waves;
  }
}
