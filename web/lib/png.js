import { isGreyProfile } from './color.js';

const SIGNATURE = [137, 80, 78, 71, 13, 10, 26, 10];
const PAETH = 4;

/** Rows that are filtered before they go to the compressor. */
const BAND_BYTES = 1 << 18;

const CRC_TABLE = Int32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let i = 0; i < 8; i++) {
    crc = crc >>> 1 ^ (crc & 1 ? 0xEDB88320 : 0);
  }
  return crc;
});

function crc32(bytes) {
  let crc = -1;
  for (let i = 0; i < bytes.length; i++) {
    crc = CRC_TABLE[(crc ^ bytes[i]) & 255] ^ crc >>> 8;
  }
  return ~crc >>> 0;
}

function chunk(type, ...parts) {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const bytes = new Uint8Array(12 + length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, length);
  let at = 4;
  for (const part of [ascii(type), ...parts]) {
    bytes.set(part, at);
    at += part.length;
  }
  view.setUint32(at, crc32(bytes.subarray(4, at)));
  return bytes;
}

const ascii = text => Uint8Array.from(text, character => character.charCodeAt(0));

function bigEndian(...numbers) {
  const view = new DataView(new ArrayBuffer(4 * numbers.length));
  numbers.forEach((number, i) => view.setUint32(4 * i, number));
  return new Uint8Array(view.buffer);
}

/** Compresses what an iterator gives, as zlib has it. */
async function deflate(pieces) {
  const stream = new ReadableStream({
    pull(controller) {
      const { value, done } = pieces.next();
      if (done) {
        controller.close();
      } else {
        controller.enqueue(value);
      }
    },
  });
  return new Uint8Array(await new Response(stream.pipeThrough(new CompressionStream('deflate'))).arrayBuffer());
}

/** Rows with their filter before them. Paeth's suits what a decoder gives, and every row has it, so that none is tried in vain. */
function* filterRows({ data, width, height }, channels) {
  const length = channels.length * width;
  const rows = Math.max(1, Math.floor(BAND_BYTES / (length + 1)));
  const step = channels.length;
  let above = new Uint8Array(length);
  let row = new Uint8Array(length);
  for (let top = 0; top < height; top += rows) {
    const band = new Uint8Array(Math.min(rows, height - top) * (length + 1));
    for (let y = top, at = 0; at < band.length; y++) {
      for (let x = 0, i = 0, from = 4 * y * width; x < width; x++, from += 4) {
        for (let c = 0; c < step; c++) {
          row[i++] = data[from + channels[c]];
        }
      }
      band[at++] = PAETH;
      for (let i = 0; i < length; i++) {
        const a = i < step ? 0 : row[i - step];
        const b = above[i];
        const c = i < step ? 0 : above[i - step];
        const pa = Math.abs(b - c), pb = Math.abs(a - c), pc = Math.abs(a + b - 2 * c);
        band[at++] = row[i] - (pa <= pb && pa <= pc ? a : pb <= pc ? b : c);
      }
      [row, above] = [above, row];
    }
    yield band;
  }
}

/** The chunks of metadata. A profile that the samples don't fit, which is grey for colours or of colours for grey, is not among them. */
async function* metadataChunks({ cicp, icc, gamma, exif, xmp }) {
  if (cicp) {
    yield chunk('cICP', [cicp.primaries, cicp.transfer, cicp.matrix, Number(cicp.isFullRange)]);
  }
  if (icc) {
    yield chunk('iCCP', ascii('ICC profile'), [0, 0], await deflate([icc].values()));
  }
  if (gamma) {
    yield chunk('gAMA', bigEndian(gamma));
  }
  if (exif) {
    yield chunk('eXIf', exif);
  }
  if (xmp) {
    yield chunk('iTXt', ascii('XML:com.adobe.xmp'), [0, 0, 0, 0, 0], xmp);
  }
}

/**
 * Writes a picture as a PNG file; index.d.ts says all of it.
 * @returns {Promise<Uint8Array>} The file.
 */
export async function encodePng(picture) {
  const { width, height, metadata } = picture;
  const isGrey = metadata.isGrey && (metadata.icc === null || isGreyProfile(metadata.icc));
  const icc = metadata.icc && isGreyProfile(metadata.icc) === isGrey ? metadata.icc : null;
  const channels = [...(isGrey ? [0] : [0, 1, 2]), ...(metadata.hasAlpha ? [3] : [])];
  const type = (isGrey ? 0 : 2) + (metadata.hasAlpha ? 4 : 0);
  const parts = [Uint8Array.from(SIGNATURE), chunk('IHDR', bigEndian(width, height), [8, type, 0, 0, 0])];
  for await (const part of metadataChunks({ ...metadata, icc })) {
    parts.push(part);
  }
  parts.push(chunk('IDAT', await deflate(filterRows(picture, channels))), chunk('IEND'));
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}
