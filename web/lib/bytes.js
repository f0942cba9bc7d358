import { damaged } from './errors.js';

/**
 * Reads a variable-length number of at most 31 bits, in its shortest form.
 * @param {{ bytes: Uint8Array, position: number, end: number }} at Where it begins, and where what may be read ends; moved behind it.
 */
export function readNumber(at) {
  for (let value = 0, scale = 1; ; scale *= 128) {
    if (at.position >= at.end || scale > 2 ** 28) {
      throw damaged('a number does not end');
    }
    const byte = at.bytes[at.position++];
    value += (byte & 127) * scale;
    if (byte < 128) {
      if ((byte === 0 && scale > 1) || value > 0x7FFFFFFF) {
        throw damaged('a number is not in its shortest form, or too large');
      }
      return value;
    }
  }
}

/** The bytes of whatever holds some. */
export function bytesOf(source) {
  if (source instanceof ArrayBuffer) {
    return new Uint8Array(source);
  }
  if (ArrayBuffer.isView(source)) {
    return new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
  }
  throw new TypeError('A file is an ArrayBuffer, or a view of one.');
}
