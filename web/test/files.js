import { readFileSync } from 'node:fs';

/** The files of `fitted` whose pixels are written down, and the hashes of these. */
export const goldenFiles = readFileSync(new URL('../../tests/ImageCodec.Models.Tests/Fixtures/golden-files.txt', import.meta.url), 'utf8').split('\n')
  .map(line => line.split(' ')).filter(([model]) => model === 'fitted')
  .map(([, file, hash]) => ({ file: new Uint8Array(Buffer.from(file, 'base64')), hash }));

/** The largest of them. */
export const sample = goldenFiles.map(({ file }) => file).sort((a, b) => b.length - a.length)[0];

/** A CRC-24 by the book, bit by bit. */
function crc24(bytes) {
  let crc = 0xB704CE;
  for (const byte of bytes) {
    crc ^= byte << 16;
    for (let i = 0; i < 8; i++) {
      crc <<= 1;
      if (crc & 0x1000000) {
        crc ^= 0x1864CFB;
      }
    }
  }
  return crc ^ 0xFFFFFF;
}

/** Bytes with the checksum behind them that makes them a file. */
export function withChecksum(bytes) {
  const crc = crc24(bytes);
  return Uint8Array.of(...bytes, crc >> 16, crc >> 8 & 255, crc & 255);
}

/** A file with other boxes: bytes of boxes, what ends them included. */
export function withBoxes(file, ...boxes) {
  let body = 5;
  for (let sides = 0; sides < 2; body++) {
    sides += file[body] < 128 ? 1 : 0;
  }
  return withChecksum([0x1C, 0xD2, ...file.subarray(2, body), ...boxes.flat(), 0, ...file.subarray(body, -3)]);
}
