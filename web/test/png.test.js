import assert from 'node:assert/strict';
import test from 'node:test';
import { inflateSync } from 'node:zlib';
import { encodePng } from '../lib/png.js';

const NONE = { icc: null, exif: null, xmp: null, cicp: null, gamma: null, isGrey: false, hasAlpha: false };
const grey = isProfile => Uint8Array.from({ length: 200 }, (_, i) => (isProfile && i >= 16 && i < 20 ? 'GRAY'.charCodeAt(i - 16) : i));

/** A CRC-32 by the book. */
function crc32(bytes) {
  let crc = 0xFFFFFFFF;
  for (const byte of bytes) {
    crc ^= byte;
    for (let i = 0; i < 8; i++) {
      crc = crc >>> 1 ^ (crc & 1 ? 0xEDB88320 : 0);
    }
  }
  return ~crc >>> 0;
}

/** The chunks of a file by type; what is wrong with its frame fails. */
function readChunks(file) {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const chunks = new Map();
  for (let at = 8; at < file.length;) {
    const length = view.getUint32(at);
    const type = String.fromCharCode(...file.subarray(at + 4, at + 8));
    assert.equal(view.getUint32(at + 8 + length), crc32(file.subarray(at + 4, at + 8 + length)));
    assert.ok(!chunks.has(type));
    chunks.set(type, file.subarray(at + 8, at + 8 + length));
    at += 12 + length;
  }
  return chunks;
}

/** Undoes Paeth's filter, as the specification of PNG has it. */
function readRows(data, width, height, channels) {
  const rows = inflateSync(data);
  const length = width * channels;
  assert.equal(rows.length, height * (length + 1));
  const samples = new Uint8Array(height * length);
  for (let y = 0; y < height; y++) {
    assert.equal(rows[y * (length + 1)], 4);
    for (let i = 0; i < length; i++) {
      const at = y * length + i;
      const a = i >= channels ? samples[at - channels] : 0;
      const b = y > 0 ? samples[at - length] : 0;
      const c = i >= channels && y > 0 ? samples[at - length - channels] : 0;
      const p = a + b - c;
      const [pa, pb, pc] = [Math.abs(p - a), Math.abs(p - b), Math.abs(p - c)];
      samples[at] = rows[y * (length + 1) + 1 + i] + (pa <= pb && pa <= pc ? a : pb <= pc ? b : c);
    }
  }
  return samples;
}

for (const [width, height] of [[1, 1], [7, 5], [300, 400]]) {
  for (const isGrey of [false, true]) {
    for (const hasAlpha of [false, true]) {
      test(`${width}×${height}${isGrey ? ', grey' : ''}${hasAlpha ? ', alpha' : ''}`, async () => {
        const data = Uint8ClampedArray.from({ length: 4 * width * height }, (_, i) => (isGrey && i % 4 < 3 ? i >> 2 : i * i) % 251);
        const chunks = readChunks(await encodePng({ width, height, data, metadata: { ...NONE, isGrey, hasAlpha } }));
        const channels = [...(isGrey ? [0] : [0, 1, 2]), ...(hasAlpha ? [3] : [])];
        assert.deepEqual([...chunks.keys()], ['IHDR', 'IDAT', 'IEND']);
        assert.deepEqual([...chunks.get('IHDR')], [0, 0, width >> 8, width & 255, 0, 0, height >> 8, height & 255, 8, (isGrey ? 0 : 2) + (hasAlpha ? 4 : 0), 0, 0, 0]);
        const samples = readRows(chunks.get('IDAT'), width, height, channels.length);
        assert.deepEqual(samples, Uint8Array.from({ length: samples.length }, (_, i) => data[4 * Math.floor(i / channels.length) + channels[i % channels.length]]));
      });
    }
  }
}

test('Metadata are in their chunks', async () => {
  const metadata = {
    ...NONE, icc: grey(false), exif: Uint8Array.of(0x49, 0x49), xmp: Uint8Array.of(60, 62), cicp: { primaries: 12, transfer: 13, matrix: 0, isFullRange: true }, gamma: 45455,
  };
  const chunks = readChunks(await encodePng({ width: 1, height: 1, data: new Uint8ClampedArray(4), metadata }));
  assert.deepEqual([...chunks.keys()], ['IHDR', 'cICP', 'iCCP', 'gAMA', 'eXIf', 'iTXt', 'IDAT', 'IEND']);
  assert.deepEqual([...chunks.get('cICP')], [12, 13, 0, 1]);
  assert.deepEqual([...chunks.get('gAMA')], [0, 0, 0xB1, 0x8F]);
  assert.deepEqual([...chunks.get('eXIf')], [0x49, 0x49]);
  const name = chunks.get('iCCP').indexOf(0);
  assert.ok(name > 0 && name < 80);
  assert.deepEqual(new Uint8Array(inflateSync(chunks.get('iCCP').subarray(name + 2))), metadata.icc);
  assert.equal(Buffer.from(chunks.get('iTXt')).toString('latin1'), 'XML:com.adobe.xmp\0\0\0\0\0<>');
});

test('A profile is left out that the samples do not fit', async () => {
  const typeAndProfile = async (isGrey, isProfile) => {
    const chunks = readChunks(await encodePng({ width: 1, height: 1, data: new Uint8ClampedArray(4), metadata: { ...NONE, isGrey, icc: grey(isProfile) } }));
    return [chunks.get('IHDR')[9], chunks.has('iCCP')];
  };
  assert.deepEqual(await typeAndProfile(true, true), [0, true]);
  assert.deepEqual(await typeAndProfile(true, false), [2, true]);
  assert.deepEqual(await typeAndProfile(false, true), [2, false]);
});
