/** The colorants of Display P3 in a profile: X, Y and Z of red, green and blue, in 65536ths. */
const P3_COLORANTS = [[33759, 15807, -69], [19135, 45367, 2745], [10296, 4363, 51385]];

/** How far those of profiles may be from them, which round in their own ways. */
const TOLERANCE = 70;

/** Whether colours are those of Display P3. */
export function isDisplayP3({ cicp, icc }) {
  if (cicp) {
    return cicp.primaries === 12 && cicp.transfer === 13 && cicp.matrix === 0 && cicp.isFullRange;
  }
  return icc !== null && isDisplayP3Profile(icc);
}

/** Whether a profile has the colorants of Display P3, and a curve as sRGB has it. */
function isDisplayP3Profile(icc) {
  const view = new DataView(icc.buffer, icc.byteOffset, icc.byteLength);
  try {
    return ['rXYZ', 'gXYZ', 'bXYZ'].every((tag, color) => {
      const at = findTag(view, tag);
      return P3_COLORANTS[color].every((value, i) => Math.abs(view.getInt32(at + 8 + 4 * i) - value) <= TOLERANCE);
    }) && ['rTRC', 'gTRC', 'bTRC'].every(tag => {
      const at = findTag(view, tag);
      return text(view, at) === 'para' && view.getUint16(at + 8) === 3 && Math.abs(view.getInt32(at + 12) - 2.4 * 65536) <= TOLERANCE;
    });
  } catch (error) {
    if (error instanceof RangeError) {
      // A profile that is cut short, or lacks a tag.
      return false;
    }
    throw error;
  }
}

const text = (view, at) => String.fromCharCode(...Array.from({ length: 4 }, (_, i) => view.getUint8(at + i)));

/** Where the data of a tag begins. */
function findTag(view, tag) {
  const count = view.getUint32(128);
  for (let i = 0; i < count; i++) {
    if (text(view, 132 + 12 * i) === tag) {
      return view.getUint32(136 + 12 * i);
    }
  }
  throw new RangeError();
}

/** Whether a profile is for grey samples. */
export const isGreyProfile = icc => icc.length >= 20 && icc[16] === 0x47 && icc[17] === 0x52 && icc[18] === 0x41 && icc[19] === 0x59;
