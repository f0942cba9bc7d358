import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import test from 'node:test';
import { decode, decodeToPng, IcdError, inspect } from '../index.js';
import { goldenFiles, sample, withBoxes, withChecksum } from './files.js';

const isError = code => error => error instanceof IcdError && error.name === 'IcdError' && error.code === code && error.message.length > 20;

test('Golden files give their golden pixels', async () => {
  assert.ok(goldenFiles.length >= 6);
  for (const { file, hash } of goldenFiles) {
    const { data } = await decode(file);
    assert.equal(createHash('sha256').update(data.filter((_, i) => i % 4 < 3)).digest('hex'), hash);
  }
});

test('Scales have their sizes', async () => {
  const { width, height } = inspect(sample);
  for (const scale of [1, 2, 4, 8]) {
    const picture = await decode(sample, { scale });
    assert.deepEqual([picture.width, picture.height], [Math.ceil(width / scale), Math.ceil(height / scale)]);
    assert.equal(picture.data.length, 4 * picture.width * picture.height);
  }
});

test('A coarse scale looks like the picture', async () => {
  const [full, half] = await Promise.all([decode(sample), decode(sample, { scale: 2 })]);
  let error = 0, flat = 0;
  for (let y = 0; y < half.height - 1; y++) {
    for (let x = 0; x < half.width - 1; x++) {
      const at = 4 * (2 * y * full.width + 2 * x);
      const mean = (full.data[at] + full.data[at + 4] + full.data[at + 4 * full.width] + full.data[at + 4 * full.width + 4]) / 4;
      error += (half.data[4 * (y * half.width + x)] - mean) ** 2;
      flat += (128 - mean) ** 2;
    }
  }
  assert.ok(error < flat / 4);
});

test('Files are taken as any bytes', async () => {
  const { data } = await decode(sample);
  const shifted = new Uint8Array([0, 0, 0, ...sample]);
  assert.deepEqual((await decode(new DataView(shifted.buffer, 3))).data, data);
  assert.deepEqual((await decode(shifted.buffer.slice(3))).data, data);
  await assert.rejects(decode('photo.icd'), TypeError);
  assert.throws(() => inspect(null), TypeError);
});

test('Files that are none, or damaged, are told apart', async () => {
  const changed = (at, value) => Uint8Array.from(sample, (byte, i) => (i === at ? value : byte));
  await assert.rejects(decode(new Uint8Array()), isError('not-icd'));
  await assert.rejects(decode(changed(0, 0)), isError('not-icd'));
  await assert.rejects(decode(changed(1, 0xD3)), isError('unsupported-version'));
  await assert.rejects(decode(sample.subarray(0, 9)), isError('damaged'));
  await assert.rejects(decode(changed(20, sample[20] ^ 1)), isError('damaged'));
  await assert.rejects(decode(withChecksum([...sample.subarray(0, -3), 1, 2, 3, 4, 5])), isError('damaged'));
  await assert.rejects(decode(withChecksum(changed(4, 0x39).subarray(0, -3))), isError('unsupported-model'));
});

test('Boxes that are not known are skipped, unless they must be known', async () => {
  const { data } = await decode(sample);
  assert.deepEqual((await decode(withBoxes(sample, [10, 2, 5, 5]))).data, data);
  assert.deepEqual(inspect(withBoxes(sample, [10, 2, 5, 5])).boxes, [{ name: '10', length: 2 }]);
  await assert.rejects(decode(withBoxes(sample, [0x8A, 0])), isError('unsupported-box'));
  await assert.rejects(decode(withBoxes(sample, [0x88, 0])), isError('unsupported-box'));
  await assert.rejects(decode(withBoxes(sample, [0x89, 1, 1])), isError('unsupported-box'));
  assert.deepEqual(inspect(withBoxes(sample, [0x89, 1, 1])).boxes, [{ name: 'turn', length: 1 }]);
  await assert.rejects(decode(withBoxes(sample, [0x86, 0], [0x86, 0])), isError('damaged'));
});

test('Metadata come beside the pixels', async () => {
  const { metadata, colorSpace } = await decode(withBoxes(sample, [1, 3, 7, 8, 9], [4, 4, 12, 13, 0, 1], [5, 2, 0x80, 1], [0x86, 0]));
  assert.equal(colorSpace, 'display-p3');
  assert.deepEqual(metadata, {
    icc: Uint8Array.of(7, 8, 9), exif: null, xmp: null, cicp: { primaries: 12, transfer: 13, matrix: 0, isFullRange: true }, gamma: 128, isGrey: true, hasAlpha: false,
  });
});

test('Sizes are limited before memory is taken', async () => {
  const huge = withChecksum([...sample.subarray(0, 5), 0xFF, 0xFF, 0xFF, 0x7F, 1, 0, 0, 0]);
  await assert.rejects(decode(huge), isError('too-large'));
  await assert.rejects(decode(sample, { maxPixels: 130 * 61 }), isError('too-large'));
  assert.equal((await decode(sample, { maxPixels: 144 * 64 })).width, 130);
});

test('Scales that there are not are a mistake of the caller', async () => {
  for (const scale of [0, 3, 16, '2']) {
    await assert.rejects(decode(sample, { scale }), error => error instanceof RangeError && !(error instanceof IcdError));
  }
});

test('Work can be stopped before and while it runs', async () => {
  await assert.rejects(decode(sample, { signal: AbortSignal.abort() }), { name: 'AbortError' });
  const controller = new AbortController();
  const first = decode(sample, { signal: controller.signal, onProgress: () => controller.abort() });
  const all = [first, ...Array.from({ length: 50 }, () => decode(sample, { signal: controller.signal }))];
  const reasons = (await Promise.allSettled(all)).filter(({ status }) => status === 'rejected').map(({ reason }) => reason.name);
  assert.ok(reasons.length > 0 && reasons.every(name => name === 'AbortError'));
  assert.equal((await decode(sample)).width, 130);
});

test('Progress rises to 1', async t => {
  // A clock on which every step is long, so that all of them are told.
  let time = 0;
  t.mock.method(performance, 'now', () => time += 1000);
  const parts = [];
  await decode(sample, { onProgress: part => parts.push(part) });
  assert.equal(parts.at(-1), 1);
  assert.ok(parts.length > 10);
  assert.ok(parts.every((part, i) => part > (parts[i - 1] ?? 0)));
});

test('Several pictures at a time do not mix', async () => {
  const alone = [];
  for (const { file } of goldenFiles) {
    alone.push((await decode(file)).data);
  }
  const together = await Promise.all(goldenFiles.map(({ file }) => decode(file)));
  assert.deepEqual(together.map(({ data }) => data), alone);
});

test('A PNG file is a blob of its type', async () => {
  const png = await decodeToPng(sample);
  assert.equal(png.type, 'image/png');
  assert.deepEqual([...new Uint8Array(await png.arrayBuffer()).subarray(0, 4)], [0x89, 0x50, 0x4E, 0x47]);
});
