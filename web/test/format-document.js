import { readFileSync } from 'node:fs';

const text = readFileSync(new URL('../../docs/format.md', import.meta.url), 'utf8');

/** The lines of the worked examples: each a name, two spaces or more, a value. */
const examples = new Map(text.slice(text.indexOf('## Worked examples')).split('```').filter((_, i) => i % 2 === 1)
  .flatMap(block => block.split('\n')).filter(line => line)
  .map(line => [line.slice(0, line.indexOf('  ')), line.slice(line.indexOf('  ')).trim()]));

export const textOf = name => examples.get(name);
export const numbersOf = name => textOf(name).split(' ').map(Number);
export const bytesOf = name => Uint8Array.from(textOf(name).split(' '), byte => parseInt(byte, 16));

/** The models and fingerprints of their table. */
export const models = [...text.matchAll(/^\| `([a-z-]+)` \| `[^`]*` \| `([0-9A-F]{2} [0-9A-F]{2} [0-9A-F]{2})` \|$/gm)].map(match => match.slice(1));
