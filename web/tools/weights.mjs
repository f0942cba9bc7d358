/** A 16-bit float. */
function half(bits) {
  const exponent = bits >> 10 & 31;
  const size = exponent ? 2 ** (exponent - 25) * (1024 + (bits & 1023)) : 2 ** -24 * (bits & 1023);
  // Adding 0 makes 0 of −0.
  return (bits & 0x8000 ? -size : size) + 0;
}

/**
 * The priors in a weights file, small and large.
 * @param {Buffer} file The safetensors file.
 */
export function readWeights(file) {
  const start = 8 + Number(file.readBigUInt64LE(0));
  const header = JSON.parse(file.subarray(8, start).toString());
  const tensor = name => {
    const { dtype, data_offsets: [first, end] } = header[name];
    if (dtype !== 'F16') {
      throw new Error(`The tensor ${name} is of the type ${dtype}.`);
    }
    return Array.from({ length: (end - first) / 2 }, (_, i) => half(file.readUInt16LE(start + first + 2 * i)));
  };
  return ['small', 'large'].map(size => ({ means: tensor(`${size}.means`), exponents: tensor(`${size}.scales`) }));
}
