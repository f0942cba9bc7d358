/**
 * Lets people choose, drop or paste a picture file.
 * @param {HTMLButtonElement} zone What is clicked, and dropped on.
 * @param {HTMLInputElement} input A file input.
 * @param {(file: File) => void} onFile Told the file.
 */
export function watchPictures(zone, input, onFile) {
  const take = files => files?.length && onFile(files[0]);
  zone.addEventListener('click', () => input.click());
  input.addEventListener('change', () => {
    take(input.files);
    // So that the same file can be chosen again.
    input.value = '';
  });

  // A picture that is dropped beside the zone must not replace the page.
  document.addEventListener('dragover', event => {
    event.preventDefault();
    zone.classList.toggle('is-over', zone.contains(event.target));
  });
  document.addEventListener('dragleave', () => zone.classList.remove('is-over'));
  document.addEventListener('drop', event => {
    event.preventDefault();
    zone.classList.remove('is-over');
    take(event.dataTransfer.files);
  });
  document.addEventListener('paste', event => take(event.clipboardData.files));
}
