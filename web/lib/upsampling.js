import { Grid } from './grids.js';

/** Rows of a source that a doubled row comes of, and as many more as make it a power of two. */
const RING = 8;

/** Values beyond the ends of a line that filters reach. */
const MARGIN = 2;

/** The rows of a grid from top to bottom, with fractional bits. */
class GridRows {
  /** See Grid.kept. */
  static kept = new GridRows(Grid.kept);

  #at;

  constructor(grid) {
    this.#at = grid.first;
    this.grid = grid;
    this.width = grid.width;
    this.height = grid.height;
  }

  /** Writes the next row into a line. */
  next(line, to) {
    const { values, stride, width } = this.grid;
    for (let x = 0; x < width; x++) {
      line[to + x] = Math.min(127, Math.max(-128, values[this.#at + x])) << 8;
    }
    this.#at += stride;
  }
}

/** The rows of a source, doubled by a filter: first each row, then each column. */
class DoubledRows {
  /** See Grid.kept. */
  static kept = new DoubledRows(GridRows.kept, new Float64Array(4), 1, 1);

  #source;
  #taps;
  #line;
  #ring;
  #stride;
  #read = 0;
  #y = 0;

  constructor(source, taps, width, height) {
    this.#source = source;
    this.#taps = taps;
    this.width = width;
    this.height = height;
    this.#line = new Int32Array(source.width + 2 * MARGIN);
    // Lines are of even length; what is more than the width is not looked at.
    this.#stride = 2 * source.width;
    this.#ring = new Int32Array(RING * this.#stride);
  }

  next(line, to) {
    const i = this.#y >> 1;
    const last = this.#source.height - 1;
    while (this.#read <= Math.min(i + MARGIN, last)) {
      this.#take();
    }
    const at = row => (Math.min(last, Math.max(0, row)) & RING - 1) * this.#stride;
    const side = this.#y++ & 1 ? 1 : -1;
    mix(this.#ring, at(i), at(i + side), at(i - side), at(i + 2 * side), this.#taps, line, to, this.width);
  }

  #take() {
    const { width } = this.#source;
    const line = this.#line;
    this.#source.next(line, MARGIN);
    line.fill(line[MARGIN], 0, MARGIN);
    line.fill(line[MARGIN + width - 1], MARGIN + width);
    double(line, width, this.#taps, this.#ring, (this.#read++ & RING - 1) * this.#stride);
  }
}

function double(line, width, taps, to, at) {
  const p0 = taps[0], p1 = taps[1], p2 = taps[2], p3 = taps[3];
  for (let i = 0; i < width; i++) {
    const a = line[i], b = line[i + 1], c = line[i + 2], d = line[i + 3], e = line[i + 4];
    const left = p0 * c + p1 * b + p2 * d + p3 * a + 2048 >> 12;
    const right = p0 * c + p1 * d + p2 * b + p3 * e + 2048 >> 12;
    to[at + 2 * i] = left < -32768 ? -32768 : left > 32767 ? 32767 : left;
    to[at + 2 * i + 1] = right < -32768 ? -32768 : right > 32767 ? 32767 : right;
  }
}

function mix(rows, a, b, c, d, taps, to, at, width) {
  const p0 = taps[0], p1 = taps[1], p2 = taps[2], p3 = taps[3];
  for (let x = 0; x < width; x++) {
    const value = p0 * rows[a + x] + p1 * rows[b + x] + p2 * rows[c + x] + p3 * rows[d + x] + 2048 >> 12;
    to[at + x] = value < -32768 ? -32768 : value > 32767 ? 32767 : value;
  }
}

/**
 * The rows of a grid at the size of another one.
 * @param {import('./grids.js').Grid} grid The grid.
 * @param {number} k Its number.
 * @param {number} to The number of the other one, at most as high.
 * @param {Int32Array} filters The taps of all filters.
 * @param {{ width: number, height: number }[]} sizes The sizes of all grids.
 * @returns Something whose method `next(line, at)` writes the next row into a line.
 */
export function upsampledRows(grid, k, to, filters, sizes) {
  let rows = new GridRows(grid);
  for (let j = k; j > to; j--) {
    rows = new DoubledRows(rows, Float64Array.from(filters.subarray(4 * j - 4, 4 * j)), sizes[j - 1].width, sizes[j - 1].height);
  }
  return rows;
}
