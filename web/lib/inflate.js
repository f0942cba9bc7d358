import { damaged } from './errors.js';

// Lengths and distances of copies: where each symbol's begin, and how many bits say which.
const LENGTHS = [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258];
const LENGTH_BITS = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
const DISTANCES = Array.from({ length: 30 }, (_, i) => (i < 4 ? i + 1 : (2 + (i & 1)) * 2 ** ((i >> 1) - 1) + 1));
const DISTANCE_BITS = DISTANCES.map((_, i) => Math.max(0, (i >> 1) - 1));
const ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/** Says that the input has ended. */
const END = {};

const invalid = () => damaged('a box is no DEFLATE stream');

/**
 * Expands a raw DEFLATE stream. Its end may be missing, if all bytes are there, and what follows it is not looked at.
 * @param {Uint8Array} source The stream.
 * @param {number} length How many bytes it must give.
 */
export function inflate(source, length) {
  const inflater = new Inflater(source, length);
  try {
    while (inflater.block());
  } catch (error) {
    if (error !== END) {
      throw error;
    }
  }
  if (inflater.count !== length) {
    throw damaged('a box does not hold as many bytes as it says');
  }
  return inflater.bytes;
}

/** Codes, by their lengths: how many there are of each, and their symbols in order. */
class Code {
  constructor(lengths, mayLack) {
    const counts = this.counts = new Uint16Array(16);
    for (const length of lengths) {
      counts[length]++;
    }
    counts[0] = 0;
    this.longest = counts.findLastIndex(count => count > 0);
    const starts = [];
    let left = 1;
    for (let length = 1, sum = 0; length < 16; length++) {
      starts[length] = sum;
      sum += counts[length];
      left = 2 * left - counts[length];
      if (left < 0) {
        throw invalid();
      }
    }
    // Bit patterns without a symbol are allowed where there is one code of one bit, or none.
    if (left > 0 && this.longest > 0 && !(mayLack && this.longest === 1)) {
      throw invalid();
    }
    this.symbols = new Uint16Array(lengths.length);
    lengths.forEach((length, symbol) => {
      if (length > 0) {
        this.symbols[starts[length]++] = symbol;
      }
    });
  }
}

const fixed = (lengths, more) => new Code(lengths.concat(more), true);
const repeat = (count, value) => new Array(count).fill(value);
const FIXED = [fixed(repeat(144, 8), [...repeat(112, 9), ...repeat(24, 7), ...repeat(8, 8)]), fixed(repeat(32, 5), [])];

class Inflater {
  #source;
  #position = 0;
  #bits = 0;
  #bitCount = 0;
  count = 0;

  constructor(source, length) {
    this.#source = source;
    this.bytes = new Uint8Array(length);
  }

  #take(count) {
    while (this.#bitCount < count) {
      if (this.#position === this.#source.length) {
        throw END;
      }
      this.#bits |= this.#source[this.#position++] << this.#bitCount;
      this.#bitCount += 8;
    }
    const value = this.#bits & (1 << count) - 1;
    this.#bits >>>= count;
    this.#bitCount -= count;
    return value;
  }

  #symbol(code) {
    for (let length = 1, first = 0, index = 0, bits = 0; ; length++) {
      bits |= this.#take(1);
      const count = code.counts[length];
      if (bits - count < first) {
        return code.symbols[index + bits - first];
      }
      if (length >= code.longest) {
        throw invalid();
      }
      index += count;
      first = first + count << 1;
      bits <<= 1;
    }
  }

  #put(byte) {
    if (this.count === this.bytes.length) {
      throw damaged('a box holds more bytes than it says');
    }
    this.bytes[this.count++] = byte;
  }

  /** Expands a block. Returns whether more follow. */
  block() {
    const isLast = this.#take(1);
    const type = this.#take(2);
    if (type === 0) {
      this.#stored();
    } else if (type === 3) {
      throw invalid();
    } else {
      this.#coded(type === 1 ? FIXED : this.#readCodes());
    }
    return !isLast;
  }

  #stored() {
    this.#take(this.#bitCount & 7);
    const length = this.#take(16);
    if (length !== (this.#take(16) ^ 0xFFFF)) {
      throw invalid();
    }
    for (let i = 0; i < length; i++) {
      this.#put(this.#take(8));
    }
  }

  #readCodes() {
    const symbols = this.#take(5) + 257;
    const distances = this.#take(5) + 1;
    const count = this.#take(4) + 4;
    if (symbols > 286 || distances > 30) {
      throw invalid();
    }
    const lengths = new Array(19).fill(0);
    for (let i = 0; i < count; i++) {
      lengths[ORDER[i]] = this.#take(3);
    }
    const code = new Code(lengths, false);
    const all = [];
    while (all.length < symbols + distances) {
      const symbol = this.#symbol(code);
      if (symbol < 16) {
        all.push(symbol);
        continue;
      }
      const value = symbol === 16 ? all.at(-1) : 0;
      const times = symbol === 16 ? 3 + this.#take(2) : symbol === 17 ? 3 + this.#take(3) : 11 + this.#take(7);
      if (value === undefined || all.length + times > symbols + distances) {
        throw invalid();
      }
      all.push(...repeat(times, value));
    }
    if (all[256] === 0) {
      throw invalid();
    }
    return [new Code(all.slice(0, symbols), true), new Code(all.slice(symbols), true)];
  }

  #coded([symbols, distances]) {
    for (;;) {
      const symbol = this.#symbol(symbols);
      if (symbol === 256) {
        return;
      }
      if (symbol < 256) {
        this.#put(symbol);
        continue;
      }
      if (symbol > 285) {
        throw invalid();
      }
      const length = LENGTHS[symbol - 257] + this.#take(LENGTH_BITS[symbol - 257]);
      const place = this.#symbol(distances);
      if (place > 29) {
        throw invalid();
      }
      const distance = DISTANCES[place] + this.#take(DISTANCE_BITS[place]);
      if (distance > this.count) {
        throw invalid();
      }
      for (let i = 0; i < length; i++) {
        this.#put(this.bytes[this.count - distance]);
      }
    }
  }
}
