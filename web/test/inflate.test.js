import assert from 'node:assert/strict';
import test from 'node:test';
import { constants, deflateRawSync } from 'node:zlib';
import { inflate } from '../lib/inflate.js';

/** Bytes from a generator that is the same everywhere; the fewer kinds, the more there is to compress. */
function noise(length, kinds, seed) {
  let state = seed;
  return Uint8Array.from({ length }, () => {
    state = Math.imul(state, 1103515245) + 12345 >>> 0;
    return (state >>> 16) % kinds;
  });
}

test('What zlib compresses comes back', () => {
  for (const length of [0, 1, 100, 5000, 70000]) {
    for (const kinds of [1, 3, 256]) {
      const bytes = noise(length, kinds, length + kinds);
      for (const options of [{ level: 0 }, { level: 1 }, { level: 9 }, { strategy: constants.Z_FIXED }, { strategy: constants.Z_HUFFMAN_ONLY }]) {
        assert.deepEqual(inflate(deflateRawSync(bytes, options), length), bytes);
      }
    }
  }
});

test('Another length than is said is refused', () => {
  const stream = deflateRawSync(noise(100, 5, 1));
  assert.throws(() => inflate(stream, 99), { code: 'damaged' });
  assert.throws(() => inflate(stream, 101), { code: 'damaged' });
  assert.throws(() => inflate(stream.subarray(0, stream.length / 2), 100), { code: 'damaged' });
});

test('Damaged streams give bytes or the error of damaged files', () => {
  const stream = deflateRawSync(noise(500, 20, 1));
  for (let bit = 0; bit < 8 * stream.length; bit++) {
    const damaged = Uint8Array.from(stream);
    damaged[bit >> 3] ^= 1 << (bit & 7);
    try {
      assert.equal(inflate(damaged, 500).length, 500);
    } catch (error) {
      assert.equal(error.code, 'damaged');
    }
  }
});
