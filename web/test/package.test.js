import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import test from 'node:test';
import { priorOf } from '../lib/prior.js';
import { isDisplayP3 } from '../lib/color.js';
import { readWeights } from '../tools/weights.mjs';

const read = path => readFileSync(new URL(path, import.meta.url));
const card = JSON.parse(read('../package.json'));

test('The version is that of the library', () => {
  assert.equal(card.version, /<Version>(.*)<\/Version>/.exec(read('../../Directory.Build.props'))[1]);
});

test('All files that the package names are there', () => {
  const names = [...card.files, card.types, ...Object.values(card.exports).flatMap(target => (typeof target === 'string' ? target : Object.values(target)))];
  for (const name of names) {
    assert.ok(existsSync(new URL(`../${name}`, import.meta.url)), name);
  }
});

test('The prior is that of the weights file', () => {
  const sizes = readWeights(read('../../src/ImageCodec.Models/Weights/fitted.safetensors'));
  assert.deepEqual(sizes.map(({ exponents }) => exponents.length), [1533, 1885]);
  sizes.forEach(({ means, exponents }, size) => {
    const prior = priorOf(size);
    assert.deepEqual([...prior.means], means);
    assert.deepEqual([...prior.exponents], exponents);
  });
});

/** A profile with colorants and parametric curves. */
function profile(colorants, gamma) {
  const bytes = new Uint8Array(132 + 6 * 12 + 3 * 20 + 40);
  const view = new DataView(bytes.buffer);
  const curve = 132 + 72 + 60;
  const put = (at, text) => bytes.set(Buffer.from(text), at);
  view.setUint32(128, 6);
  ['r', 'g', 'b'].forEach((color, c) => {
    put(132 + 24 * c, `${color}XYZ`);
    view.setUint32(136 + 24 * c, 204 + 20 * c);
    put(204 + 20 * c, 'XYZ ');
    colorants[c].forEach((value, i) => view.setInt32(212 + 20 * c + 4 * i, Math.round(value * 65536)));
    put(144 + 24 * c, `${color}TRC`);
    view.setUint32(148 + 24 * c, curve);
  });
  put(curve, 'para');
  view.setUint16(curve + 8, 3);
  view.setInt32(curve + 12, gamma * 65536);
  return bytes;
}

test('Display P3 is told by its numbers or its profile', () => {
  const p3 = [[0.5151, 0.2412, -0.0011], [0.292, 0.6922, 0.0419], [0.1571, 0.0666, 0.7841]];
  const srgb = [[0.4361, 0.2225, 0.0139], [0.3851, 0.7169, 0.0971], [0.1431, 0.0606, 0.7141]];
  const cicp = { primaries: 12, transfer: 13, matrix: 0, isFullRange: true };
  assert.ok(isDisplayP3({ cicp, icc: null }));
  assert.ok(!isDisplayP3({ cicp: { ...cicp, transfer: 16 }, icc: profile(p3, 2.4) }));
  assert.ok(isDisplayP3({ cicp: null, icc: profile(p3, 2.4) }));
  assert.ok(!isDisplayP3({ cicp: null, icc: profile(p3, 2.2) }));
  assert.ok(!isDisplayP3({ cicp: null, icc: profile(srgb, 2.4) }));
  assert.ok(!isDisplayP3({ cicp: null, icc: profile(p3, 2.4).subarray(0, 200) }));
  assert.ok(!isDisplayP3({ cicp: null, icc: null }));
});
