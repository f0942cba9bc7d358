import assert from 'node:assert/strict';
import test from 'node:test';
import { decodeAlpha } from '../lib/alpha.js';
import { readContainer } from '../lib/container.js';
import { decodeSymbols } from '../lib/context-coder.js';
import { decodeFitted } from '../lib/fitted.js';
import { readMetadata } from '../lib/metadata.js';
import { ABOVE, DIGITS, OTHER, rowOf } from '../lib/range-decoder.js';
import { decode, inspect } from '../index.js';
import { bytesOf, models, numbersOf, textOf } from './format-document.js';

/** Runs steps to their end. */
function finish(steps) {
  let step = steps.next();
  while (!step.done) {
    step = steps.next();
  }
  return step.value;
}

const rgb = pixels => [...pixels].filter((_, i) => i % 4 < 3);

test('Probabilities are those of the document', () => {
  assert.deepEqual([0, 36, 95].map(i => OTHER[rowOf(0, i)]), numbersOf('other, f 0, scales 0 36 95'));
  assert.deepEqual([0, 36, 95].map(i => OTHER[rowOf(-8, i)]), numbersOf('other, f -8, scales 0 36 95'));
  assert.deepEqual([0, 36, 95].map(i => ABOVE[rowOf(5, i)]), numbersOf('above, f 5, scales 0 36 95'));
  assert.deepEqual([0, 1, 2].map(t => DIGITS[60 * 8 + t]), numbersOf('low bits 0 1 2, scale 60'));
  assert.deepEqual([[0, 0], [36, 0], [60, 3]].map(([i, t]) => DIGITS[i * 8 + t]), numbersOf('runs, scales 0 36 60'));
});

test('The fitted body of the document gives its pixels', () => {
  const prior = () => ({ means: new Int32Array(5 * 1533), exponents: new Int32Array(1533).fill(80) });
  const pixels = new Uint8ClampedArray(4 * 9 * 2);
  finish(decodeFitted(bytesOf('fitted body'), 9, 2, 0, false, pixels, prior));
  assert.deepEqual(rgb(pixels), [...numbersOf('fitted pixels, row 0'), ...numbersOf('fitted pixels, row 1')]);
  assert.ok([...pixels].every((value, i) => i % 4 < 3 || value === 255));
});

test('The file of one pixel is restored', async () => {
  const picture = await decode(bytesOf('fitted file'));
  assert.deepEqual([picture.width, picture.height, rgb(picture.data)], [1, 1, numbersOf('fitted restored')]);
});

test('Models are told by their fingerprints', async () => {
  assert.equal(models.length, 8);
  for (const [model, fingerprint] of models) {
    const file = bytesOf(`${model} file`);
    assert.equal(inspect(file).model, model);
    assert.equal(inspect(file).fingerprint, fingerprint.replaceAll(' ', '').toLowerCase());
    if (model !== 'fitted') {
      await assert.rejects(decode(file), error => error.code === 'unsupported-model' && error.message.includes(`«${model}»`));
    }
  }
});

test('The boxes of the document are read', () => {
  const file = readContainer(bytesOf('boxes file'));
  const metadata = readMetadata(file.boxes);
  const [primaries, transfer, matrix, range] = numbersOf('boxes cicp');
  assert.equal(new TextDecoder().decode(metadata.xmp), textOf('boxes xmp'));
  assert.deepEqual(metadata.cicp, { primaries, transfer, matrix, isFullRange: range === 1 });
  assert.equal(metadata.gamma, Number(textOf('boxes gamma')));
  assert.deepEqual([metadata.icc, metadata.exif, metadata.isGrey, metadata.hasAlpha], [null, null, true, true]);
  const alpha = finish(decodeAlpha(file.boxes.find(box => box.name === 'alpha').payload, 4, 2));
  assert.deepEqual([...alpha], numbersOf('boxes alpha'));
  const parts = [...decodeAlpha(file.boxes.find(box => box.name === 'alpha').payload, 4, 2)];
  assert.ok(parts.length === 3 && parts.every((part, i) => part > (parts[i - 1] ?? 0) && part <= 1));
});

test('A stream of one symbol of the context coder is read', () => {
  const symbols = new Uint8Array(1);
  finish(decodeSymbols(Uint8Array.of(0x70), 1, 1, symbols, null));
  assert.deepEqual([...symbols], [255]);
});
