import { ComparisonView } from './comparison-view.js';
import { formatBytes } from './format.js';

const part = id => document.getElementById(id);
const view = new ComparisonView(part('view'));
let result = null;
let urls = [];

part('zoom').addEventListener('change', () => {
  const { value } = part('zoom');
  view.zoom = value === 'fit' ? value : Number(value);
});
for (const side of ['left', 'right']) {
  part(side).addEventListener('change', () => showSide(side));
}
part('keep').addEventListener('click', keep);

/** Shows what came of a picture. */
export async function showResult(newResult) {
  urls.filter(url => url.startsWith('blob:')).forEach(URL.revokeObjectURL);
  const newUrls = await Promise.all(newResult.files.map(urlOf));
  [result, urls] = [newResult, newUrls];
  const { files, notes, id, model, width, height } = result;
  part('rows').replaceChildren(...files.map(rowOf));
  part('notes').replaceChildren(...notes.map(note => element('li', note)));
  part('download').href = files[1].download;
  part('download').download = `picture-${model}.icd`;
  part('keep').hidden = model !== 'fitted';
  part('keep').disabled = false;
  part('kept').replaceChildren();
  part('result').dataset.id = id;
  part('result').hidden = false;
  for (const [side, chosen] of [['left', 0], ['right', 1]]) {
    part(side).replaceChildren(...files.map((file, i) => new Option(file.name, i, i === chosen, i === chosen)));
  }
  view.setSize(width, height);
  await Promise.all([showSide('left'), showSide('right')]);
}

/** Where the pixels of a file are. The server restores .icd files for us, without loss. */
async function urlOf({ picture }) {
  if (!picture.endsWith('.icd')) {
    return picture;
  }
  const response = await fetch(picture, { headers: { Accept: 'image/png' } });
  if (!response.ok) {
    throw new Error(`The server answered ${response.status} to ${picture}.`);
  }
  return URL.createObjectURL(await response.blob());
}

const showSide = side => view.show(side, result.files[part(side).value].name, urls[part(side).value]);

function element(name, ...content) {
  const made = document.createElement(name);
  made.append(...content);
  return made;
}

function rowOf(file, index) {
  const isOriginal = index === 0;
  const name = element('th', file.download ? Object.assign(element('a', file.name), { href: file.download, download: '' }) : file.name);
  name.scope = 'row';
  name.append(Object.assign(element('span', file.setting), { className: 'hint' }));
  const row = element('tr', name, ...[
    formatBytes(file.bytes),
    file.bpp.toFixed(3),
    isOriginal ? '–' : file.psnr?.toFixed(2) ?? 'exact',
    isOriginal ? '–' : file.msSsim.toFixed(4),
  ].map(text => element('td', text)));
  row.classList.toggle('is-ours', index === 1);
  return row;
}

async function keep() {
  part('keep').disabled = true;
  const response = await fetch(`api/gallery/${result.id}`, { method: 'POST' }).catch(() => null);
  if (response?.ok) {
    part('kept').replaceChildren('It is in ', Object.assign(element('a', 'the gallery'), { href: 'gallery/' }), '.');
  } else {
    part('kept').textContent = 'That did not work: the server no longer has the file, or can’t be reached.';
  }
}
