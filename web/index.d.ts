/** What belongs to a picture beside its pixels. */
export interface PictureMetadata {
  /** An ICC profile; null where there is none. */
  icc: Uint8Array | null;
  /** Exif, a TIFF structure from `II` or `MM` on. Its orientation, if it has one, is 1. */
  exif: Uint8Array | null;
  /** XMP, as XML in UTF-8. */
  xmp: Uint8Array | null;
  /** What the colours mean, by the numbers of ITU-T H.273. It goes before the profile, as the profile goes before gamma. */
  cicp: { primaries: number; transfer: number; matrix: number; isFullRange: boolean } | null;
  /** The exponent of samples over light, times 100,000. */
  gamma: number | null;
  /** Whether the file says that the picture is grey; red, green and blue are equal then. */
  isGrey: boolean;
  /** Whether the file has an alpha channel; else all pixels are opaque. */
  hasAlpha: boolean;
}

/** A decoded picture. */
export interface DecodedPicture {
  readonly width: number;
  readonly height: number;
  /** Red, green, blue and opacity of each pixel, 0 … 255, rows from top to bottom; colours are not multiplied by the opacity. */
  readonly data: Uint8ClampedArray<ArrayBuffer>;
  /** What a canvas is told of the colours; `metadata` says more. */
  readonly colorSpace: 'srgb' | 'display-p3';
  readonly metadata: PictureMetadata;
}

export interface DecodeOptions {
  /** Stops the work: the promise is rejected with the signal's reason, an `AbortError` by default. */
  signal?: AbortSignal;
  /** Told the part of the work that is done, rising to 1. */
  onProgress?: (part: number) => void;
  /** What the sides are divided by, rounded up; 1 unless it is given. The smaller the picture, the less is decoded. */
  scale?: 1 | 2 | 4 | 8;
  /** Pixels of the largest picture that is taken, in whole blocks of 16×16 and at full size, whatever the scale; 100,000,000 unless it is given. */
  maxPixels?: number;
}

/**
 * - `not-icd`: the bytes are no `.icd` file.
 * - `unsupported-version`: the file is of a later version of the format.
 * - `damaged`: the file was changed or cut short.
 * - `unsupported-model`: the file is sound, as far as can be said, but is not one of the model `fitted`; the message names its model.
 * - `unsupported-box`: the picture can't be shown without something that this version does not know.
 * - `too-large`: it has more pixels than `maxPixels`, or the machine has not enough memory.
 */
export type IcdErrorCode = 'not-icd' | 'unsupported-version' | 'damaged' | 'unsupported-model' | 'unsupported-box' | 'too-large';

/** What is wrong with a file. */
export class IcdError extends Error {
  constructor(code: IcdErrorCode, message: string);
  readonly name: 'IcdError';
  readonly code: IcdErrorCode;
}

/** What a file says of itself. */
export interface IcdInfo {
  /** The version of the format. */
  version: 1 | 2;
  /** What tells the model, weights included: six hexadecimal digits. */
  fingerprint: string;
  /** The model's name; null for one that is not among the library's. */
  model: 'baseline' | 'fitted' | 'photo' | 'photo-visual' | 'residual' | 'strided' | 'vae' | 'vae-spatial' | null;
  width: number;
  height: number;
  /** What belongs to the picture beside its colours: `icc`, `exif`, `xmp`, `cicp`, `gamma`, `grey`, `alpha`, or a number, and how many bytes it takes. */
  boxes: { name: string; length: number }[];
}

/**
 * Decodes a file of the model `fitted`, in a worker where there are such.
 *
 * Rejected with an `IcdError` for whatever is wrong with the file, a `TypeError` if it is not bytes, a `RangeError` if there is no such scale.
 * @param source The whole file.
 * @returns An `ImageData` where there are such, in the colour space `display-p3` for pictures of Display P3 and `srgb` for all others, with metadata beside it.
 */
export function decode(source: ArrayBuffer | ArrayBufferView, options?: DecodeOptions): Promise<DecodedPicture>;

/**
 * Decodes a file to a PNG file with its metadata, so that a browser shows it in its own colours, whatever profile it has. As `decode` in all else.
 */
export function decodeToPng(source: ArrayBuffer | ArrayBufferView, options?: DecodeOptions): Promise<Blob>;

/**
 * Says what a file is, without decoding pixels, of whatever model it is.
 * @param source The whole file.
 * @throws {IcdError} It is no file, or a damaged one.
 */
export function inspect(source: ArrayBuffer | ArrayBufferView): IcdInfo;
