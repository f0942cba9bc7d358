import { damaged } from './errors.js';
import { inflate } from './inflate.js';
import { readNumber } from './bytes.js';

const MAX_LENGTH = 1 << 24;

/** What one byte of a DEFLATE stream can become at most. */
const MAX_EXPANSION = 1032;

/** What the boxes of a file say of its picture beside the pixels. */
export function readMetadata(boxes) {
  const find = name => boxes.find(box => box.name === name);
  const bytes = name => {
    const box = find(name);
    const content = box ? expand(box) : null;
    return content?.length ? content : null;
  };
  const grey = find('grey');
  if (grey?.payload.length) {
    throw damaged('the box grey holds something');
  }
  return {
    icc: bytes('icc'),
    exif: bytes('exif'),
    xmp: bytes('xmp'),
    cicp: find('cicp') ? readCodePoints(find('cicp').payload) : null,
    gamma: find('gamma') ? readGamma(find('gamma').payload) : null,
    isGrey: grey !== undefined,
    hasAlpha: find('alpha') !== undefined,
  };
}

function expand({ payload, isCompressed }) {
  if (!isCompressed) {
    if (payload.length > MAX_LENGTH) {
      throw damaged('a box is too long');
    }
    return payload.slice();
  }
  const at = { bytes: payload, position: 0, end: payload.length };
  const length = readNumber(at);
  const stream = payload.subarray(at.position);
  if (length > Math.min(MAX_LENGTH, MAX_EXPANSION * stream.length)) {
    throw damaged('a box is said to hold more than it can');
  }
  return inflate(stream, length);
}

function readCodePoints(payload) {
  if (payload.length !== 4 || payload[3] > 1) {
    throw damaged('the box cicp has not four bytes, the last one 0 or 1');
  }
  return { primaries: payload[0], transfer: payload[1], matrix: payload[2], isFullRange: payload[3] === 1 };
}

function readGamma(payload) {
  const at = { bytes: payload, position: 0, end: payload.length };
  const gamma = readNumber(at);
  if (gamma === 0 || at.position < payload.length) {
    throw damaged('the box gamma holds no gamma, or more');
  }
  return gamma;
}
