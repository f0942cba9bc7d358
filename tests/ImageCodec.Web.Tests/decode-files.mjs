// Decodes the files that a text file lists, a line each: scale, most pixels, and the file in base64. Prints a line for each: its size and the hash of its pixels and
// metadata, or the code of the error.
import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { decode, IcdError } from '../../web/index.js';

/** What Decoded.cs makes of a picture, too. */
function describe({ width, height, data, metadata }) {
  const { icc, exif, xmp, cicp, gamma } = metadata;
  const hash = createHash('sha256').update(data);
  for (const bytes of [icc, exif, xmp]) {
    hash.update(`${bytes?.length ?? 0} `).update(bytes ?? '');
  }
  hash.update(cicp ? `${cicp.primaries} ${cicp.transfer} ${cicp.matrix} ${cicp.isFullRange} ` : '- ').update(`${gamma ?? '-'} ${metadata.isGrey}`);
  return `${width}×${height} ${hash.digest('hex')}`;
}

const list = await open(process.argv[2]);
for await (const line of list.readLines()) {
  const [scale, maxPixels, file] = line.split(' ');
  try {
    console.log(describe(await decode(Buffer.from(file ?? '', 'base64'), { scale: Number(scale), maxPixels: Number(maxPixels) })));
  } catch (error) {
    console.log(error instanceof IcdError ? `${error.code}: ${error.message}` : `not an IcdError: ${error.stack.replaceAll('\n', ' ')}`);
  }
}
