// Writes lib/prior-data.js of the weights file that the library has. Run it in this folder after the file changes.
import { readFileSync, writeFileSync } from 'node:fs';
import { deflateRawSync } from 'node:zlib';
import { readWeights } from './weights.mjs';

const sizes = readWeights(readFileSync(new URL('../../src/ImageCodec.Models/Weights/fitted.safetensors', import.meta.url)));

// What lib/prior.js takes apart again: differences between anchors, signs last, all low bytes before all high ones.
const numbers = sizes.flatMap(({ means, exponents }) => [...means.map((mean, i) => mean - (means[i - exponents.length] ?? 0)), ...exponents]);
const folded = Uint32Array.from(numbers, number => (number < 0 ? -2 * number - 1 : 2 * number));
const planes = Buffer.concat([0, 8, 16].map(shift => Buffer.from(folded.map(number => number >>> shift & 255))));
const text = deflateRawSync(planes, { level: 9 }).toString('base64');
writeFileSync(new URL('../lib/prior-data.js', import.meta.url), `// Written by tools/make-prior.mjs.\nexport default '${text}';\n`);
