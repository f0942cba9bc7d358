/** A length of a file, as people read it. */
export function formatBytes(count) {
  if (count < 1000) {
    return `${count} B`;
  }
  return count < 1e6 ? `${(count / 1e3).toFixed(1)} kB` : `${Number((count / 1e6).toFixed(2))} MB`;
}

/** A time that is left, in words that do not change at every step. */
export function formatTimeLeft(seconds) {
  if (seconds < 60) {
    return seconds < 2 ? 'a moment left' : `about ${Math.ceil(seconds)} s left`;
  }
  const minutes = Math.round(seconds / 60);
  return `about ${minutes} ${minutes === 1 ? 'minute' : 'minutes'} left`;
}
