/** What the server does not take, or could not do; the message is for people. */
export class CompressError extends Error {}

const REASONS = {
  413: 'The picture is too large.',
  415: 'This file is no picture that can be read here. PNG, JPEG, WebP, GIF, BMP and PNM can.',
  429: 'Too many pictures are waiting. Try again in a moment.',
};

const BROKEN = 'The server can’t be reached, or has stopped. Try again later.';

/** The sentence for an answer that is no success. */
async function reasonOf(response) {
  const problem = await response.json().catch(() => null);
  const detail = problem?.detail ?? `The server answered ${response.status}.`;
  if (response.status === 413) {
    return `${REASONS[413]} ${detail}`;
  }
  return REASONS[response.status] ?? detail;
}

/** The values of an answer that has a line of JSON for each. */
async function* readLines(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) {
      return;
    }
    const lines = (rest + value).split('\n');
    rest = lines.pop();
    yield* lines.map(line => JSON.parse(line));
  }
}

/**
 * Has the server compress a picture and compare it with other formats.
 * @param {Blob} picture The file.
 * @param {Record<string, string>} settings model, effort, and quality or bpp.
 * @param {AbortSignal} signal Stops the work, on the server too.
 * @param {(step: { part?: number, compares?: string }) => void} onStep Told how far it is.
 * @returns The result, as ComparisonResult.cs describes it.
 */
export async function compress(picture, settings, signal, onStep) {
  try {
    const response = await fetch(`api/compress?${new URLSearchParams(settings)}`, { method: 'POST', body: picture, signal });
    if (!response.ok) {
      throw new CompressError(await reasonOf(response));
    }
    for await (const line of readLines(response)) {
      if (line.result) {
        return line.result;
      }
      onStep(line);
    }
  } catch (error) {
    if (error instanceof CompressError || signal.aborted) {
      throw error;
    }
    console.error(error);
  }
  throw new CompressError(BROKEN);
}
