import { decodeHere } from './job.js';
import { encodePng } from './png.js';

let controller;

self.onmessage = async ({ data }) => {
  if (data.cancel) {
    controller?.abort();
    return;
  }
  controller = new AbortController();
  try {
    const picture = await decodeHere(data.bytes, data.options, controller.signal, progress => self.postMessage({ progress }));
    const result = data.options.asPng ? { ...picture, data: await encodePng(picture) } : picture;
    self.postMessage({ result }, [result.data.buffer]);
  } catch ({ name, code, message }) {
    self.postMessage({ error: { name, code, message } });
  }
};

self.postMessage({ ready: true });
