import '../imagecodec/icd-img.js';
import { showGallery } from './pictures.js';

await showGallery(({ url, alt, width, height }) => {
  const image = document.createElement('icd-img');
  Object.assign(image, { alt, width, height, loading: 'lazy', src: url });
  return image;
});
