/** Zeros between two rows, so that the neighbours of a row's ends are zeros, and rows of zeros above the first one. */
const GAP = 3;

/** The latent of a picture: integers, in grids of falling size. */
export class Grid {
  /** Engines drop the code that they compiled for a class when none of its objects is left. One is kept, so that the next picture is as fast as the last one. */
  static kept = new Grid(1, 1);

  /** @param {number} width @param {number} height */
  constructor(width, height) {
    this.width = width;
    this.height = height;
    this.stride = width + GAP;
    this.first = GAP * this.stride + GAP;
    this.values = new Int16Array(this.first + (height + 1) * this.stride);
  }
}

/** How many grids a picture has. */
export const countGrids = (width, height) => 1 + Math.min(6, Math.max(0, 29 - Math.clz32(Math.max(width, height))));

/** A side of a grid, or of a picture at a scale. */
export const sideOf = (side, k) => Math.ceil(side / 2 ** k);
