import { damaged, IcdError } from './errors.js';
import { readNumber } from './bytes.js';

/** The models that there are, by fingerprint. */
const MODELS = {
  '87d7c1': 'baseline', '8fa238': 'fitted', '669848': 'photo', '818a01': 'photo-visual', '3bf5b4': 'residual', '688f3f': 'strided', '247cbe': 'vae', '049726': 'vae-spatial',
};

const NAMES = ['', 'icc', 'exif', 'xmp', 'cicp', 'gamma', 'grey', 'alpha', 'residual', 'turn'];
const MUST_BE_KNOWN = 0x80;
const COMPRESSED = 0x40;
const MOST_PIXELS = 715827863;

const CRC_TABLE = Int32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 16;
  for (let i = 0; i < 8; i++) {
    crc = crc << 1 ^ (crc & 0x800000 ? 0x1864CFB : 0);
  }
  return crc;
});

/** The CRC-24 of RFC 9580, its bits complemented. */
function crc24(bytes, end) {
  let crc = 0xB704CE;
  for (let i = 0; i < end; i++) {
    crc = (crc << 8 ^ CRC_TABLE[crc >> 16 ^ bytes[i]]) & 0xFFFFFF;
  }
  return crc ^ 0xFFFFFF;
}

/**
 * Reads the container of a file. Nothing is copied.
 * @param {Uint8Array} bytes The whole file.
 */
export function readContainer(bytes) {
  if (bytes[0] !== 0x1C || bytes[1] >> 4 !== 0xD) {
    throw new IcdError('not-icd', 'This is no .icd file.');
  }
  const version = bytes[1] & 15;
  if (version !== 1 && version !== 2) {
    throw new IcdError('unsupported-version', `The file is of version ${version} of the format; 1 and 2 are known.`);
  }
  const end = bytes.length - 3;
  if (end < 7 || crc24(bytes, end) !== (bytes[end] << 16 | bytes[end + 1] << 8 | bytes[end + 2])) {
    throw damaged('its checksum does not fit, or it was cut short');
  }
  const fingerprint = Array.from(bytes.subarray(2, 5), byte => byte.toString(16).padStart(2, '0')).join('');
  const at = { bytes, position: 5, end };
  const width = readNumber(at) + 1;
  const height = readNumber(at) + 1;
  if (width > 0x7FFFFFFF || height > 0x7FFFFFFF) {
    throw damaged('a side is too long');
  }
  if (width * height > MOST_PIXELS) {
    throw new IcdError('too-large', `The picture is said to have ${width}×${height} pixels, more than any can have.`);
  }
  const boxes = version === 1 ? [] : readBoxes(at);
  return { version, fingerprint, model: MODELS[fingerprint] ?? null, width, height, boxes, body: bytes.subarray(at.position, end) };
}

function readBoxes(at) {
  const boxes = [];
  for (let before = 0; ;) {
    if (at.position >= at.end) {
      throw damaged('it ends among its boxes');
    }
    const head = at.bytes[at.position++];
    if (head === 0) {
      return boxes;
    }
    const kind = head & 63;
    if (kind <= before) {
      throw damaged('its boxes are not in order');
    }
    checkHead(head, kind);
    const length = readNumber(at);
    if (length > at.end - at.position) {
      throw damaged('a box is longer than the file');
    }
    boxes.push({
      kind,
      name: NAMES[kind] ?? String(kind),
      isCompressed: (head & COMPRESSED) !== 0,
      payload: at.bytes.subarray(at.position, at.position + length),
    });
    at.position += length;
    before = kind;
  }
}

function checkHead(head, kind) {
  if (kind >= NAMES.length) {
    if (head & MUST_BE_KNOWN) {
      throw new IcdError('unsupported-box', `The picture can't be shown without a box of the kind ${kind}, which is not known.`);
    }
  } else if ((head & MUST_BE_KNOWN) !== (kind > 5 ? MUST_BE_KNOWN : 0) || (head & COMPRESSED && kind > 3)) {
    throw damaged('a box begins with a byte that none of its kind has');
  }
}
