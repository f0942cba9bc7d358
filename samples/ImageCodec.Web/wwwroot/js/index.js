import { compress, CompressError } from './compress.js';
import { formatBytes, formatTimeLeft } from './format.js';
import { watchPictures } from './picture-zone.js';
import { showResult } from './result.js';

/** Before that, an estimate of the time that is left would jump. */
const SECONDS_BEFORE_ESTIMATE = 2;

const part = id => document.getElementById(id);
const form = part('form');
let picture = null;
let controller = null;
let limits = null;

watchPictures(part('drop'), part('file'), choose);
form.addEventListener('input', showSettings);
form.addEventListener('submit', event => {
  event.preventDefault();
  run();
});
part('cancel').addEventListener('click', () => controller.abort());
addEventListener('pagehide', () => controller?.abort());
showSettings();
loadLimits();

async function loadLimits() {
  const response = await fetch('api/limits').catch(() => null);
  if (response?.ok) {
    limits = await response.json();
    part('limits').textContent = `PNG, JPEG, WebP, GIF, BMP or PNM; at most ${limits.maxPixelCount / 1e6} megapixels and ${formatBytes(limits.maxUploadLength)}.`;
  }
}

function choose(file) {
  picture = file;
  part('drop-title').textContent = file.name || 'Pasted picture';
  part('drop-hint').textContent = `${formatBytes(file.size)}. Choose, drop or paste another one.`;
  const thumbnail = part('thumbnail');
  URL.revokeObjectURL(thumbnail.src);
  thumbnail.onload = () => (thumbnail.hidden = false);
  // The server reads some formats that browsers can't show.
  thumbnail.onerror = () => (thumbnail.hidden = true);
  thumbnail.src = URL.createObjectURL(file);
  part('start').disabled = controller !== null;
  showError(null);
}

function showSettings() {
  for (const output of form.querySelectorAll('output')) {
    output.value = part(output.htmlFor[0]).value;
  }
  const isByQuality = form.elements.rate.value === 'quality';
  part('quality').disabled = !isByQuality;
  part('bpp').disabled = isByQuality;
}

const settings = () => ({
  model: form.elements.model.value,
  effort: part('effort').value,
  [form.elements.rate.value]: part(form.elements.rate.value).value,
});

function showError(sentence) {
  part('error').textContent = sentence ?? '';
  part('error').hidden = sentence === null;
}

function say(text) {
  part('status').textContent = text;
}

/** Shows whether there is work, and puts the focus where it is of use. */
function setWorking(isWorking) {
  part('work').hidden = part('cancel').hidden = !isWorking;
  part('start').disabled = isWorking || !picture;
  part('progress').removeAttribute('value');
  if (isWorking) {
    part('cancel').focus();
  }
}

function showStep(step, begin) {
  if (step.compares) {
    part('progress').removeAttribute('value');
    say(`Making ${step.compares} of the same size…`);
    return;
  }
  part('progress').value = step.part;
  const elapsed = (performance.now() - begin) / 1000;
  const left = step.part > 0 && elapsed > SECONDS_BEFORE_ESTIMATE ? `, ${formatTimeLeft(elapsed / step.part * (1 - step.part))}` : '';
  say(`Compressing: ${Math.floor(100 * step.part)} %${left}`);
}

async function run() {
  showError(null);
  if (limits && picture.size > limits.maxUploadLength) {
    showError(`The picture is too large. It has ${formatBytes(picture.size)}, and at most ${formatBytes(limits.maxUploadLength)} are taken.`);
    return;
  }
  controller = new AbortController();
  const { signal } = controller;
  setWorking(true);
  say('Sending, and waiting for a turn…');
  part('spoken').textContent = 'Compressing.';
  try {
    let begin = null;
    const result = await compress(picture, settings(), signal, step => showStep(step, begin ??= performance.now()));
    say('Showing…');
    await showResult(result);
    part('spoken').textContent = 'Done.';
    part('result-title').focus({ preventScroll: true });
    part('result').scrollIntoView({ behavior: matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth' });
  } catch (error) {
    part('spoken').textContent = signal.aborted ? 'Cancelled.' : '';
    if (!signal.aborted) {
      const isKnown = error instanceof CompressError;
      showError(isKnown ? error.message : 'The result can’t be shown. Try again.');
      if (!isKnown) {
        console.error(error);
      }
    }
  } finally {
    const hadFocus = document.activeElement === part('cancel');
    controller = null;
    setWorking(false);
    if (hadFocus) {
      part('start').focus();
    }
  }
}
