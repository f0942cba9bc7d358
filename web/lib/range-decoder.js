import { damaged } from './errors.js';

const MAX_VALUE = 511;
const SCALES = 96;

const scaleOf = i => 2 ** ((i - 36) / 8);
const lowBitsOf = i => Math.max(0, i - 36 >> 3);
const round = probability => Math.min(65532, Math.max(4, Math.round(probability * 65536)));

/** A number for each scale and, within it, each fraction from −8 to 7 sixteenths. */
const rows = probability => Uint16Array.from({ length: SCALES * 16 }, (_, row) => round(probability(((row & 15) - 8) / 16, scaleOf(row >> 4))));

/** Probabilities of a value that is not the whole part of its mean, by row; and that such a value lies above. */
export const OTHER = rows((fraction, b) => (Math.exp((fraction - 0.5) / b) + Math.exp((-fraction - 0.5) / b)) / 2);
export const ABOVE = rows((fraction, b) => 1 / (1 + Math.exp(-2 * fraction / b)));

/** For each scale, eight numbers: of the low bits from the lowest on, then of the run. */
export const DIGITS = Uint16Array.from({ length: SCALES * 8 }, (_, at) => {
  const i = at >> 3;
  const odds = Math.exp(-(2 ** (at & 7)) / scaleOf(i));
  return round((at & 7) < lowBitsOf(i) ? odds / (1 + odds) : odds);
});

/** Where the probabilities of a mean's fraction and a scale stand. */
export const rowOf = (fraction, scale) => scale * 16 + fraction + 8;

/** The binary range decoder of the format. Past the end of its bytes it reads zeros. */
export class RangeDecoder {
  /** See Grid.kept. */
  static kept = new RangeDecoder(new Uint8Array());

  #bytes;
  #state = new Uint32Array([0xFFFFFFFF, 0]);

  /** How many bytes have been asked for. */
  position = 0;

  /** @param {Uint8Array} bytes The stream. */
  constructor(bytes) {
    this.#bytes = bytes;
    for (let i = 0; i < 4; i++) {
      this.#state[1] = this.#state[1] << 8 | this.#next();
    }
  }

  #next() {
    const position = this.position++;
    return position < this.#bytes.length ? this.#bytes[position] : 0;
  }

  /** Decodes a bit whose probability of being 1 is given in 65536ths. */
  bit(probability) {
    const state = this.#state;
    let range = state[0];
    let code = state[1];
    const bound = Math.imul(range >>> 16, probability) >>> 0;
    let bit = 1;
    if (code < bound) {
      range = bound;
    } else {
      code -= bound;
      range -= bound;
      bit = 0;
    }
    while (range < 0x1000000) {
      range = range << 8 >>> 0;
      code = (code << 8 | this.#next()) >>> 0;
    }
    state[0] = range;
    state[1] = code;
    return bit;
  }

  /** Decodes a number whose bits are as likely as not, from the highest. */
  plain(bits) {
    let number = 0;
    for (let i = 0; i < bits; i++) {
      number = 2 * number + this.bit(32768);
    }
    return number;
  }

  /** Decodes a value of a Laplace distribution, given the whole part of its mean and the row of its fraction and scale. */
  value(mean, row) {
    return this.bit(OTHER[row]) ? this.#other(mean, row) : mean;
  }

  #other(mean, row) {
    const above = this.bit(ABOVE[row]);
    const scale = row >> 4;
    const lowBits = lowBitsOf(scale);
    let n = 0;
    for (let digit = lowBits - 1; digit >= 0; digit--) {
      n = 2 * n + this.bit(DIGITS[scale * 8 + digit]);
    }
    const largest = MAX_VALUE - 1 - (above ? mean : -mean);
    while (n <= largest && this.bit(DIGITS[scale * 8 + lowBits])) {
      n += 1 << lowBits;
    }
    if (n > largest) {
      throw damaged('a value is out of range');
    }
    return above ? mean + 1 + n : mean - 1 - n;
  }

  /** Makes sure that nothing follows what was decoded. */
  end() {
    if (this.position < this.#bytes.length) {
      throw damaged('bytes follow the last value');
    }
  }
}
