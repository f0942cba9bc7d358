export { decode, decodeToPng } from './lib/decode.js';
export { IcdError } from './lib/errors.js';
export { inspect } from './lib/inspect.js';
