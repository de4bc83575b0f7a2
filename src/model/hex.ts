const byteToHex: ReadonlyArray<string> = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"))

/** Writes a signed 32-bit integer as 8 lower-case hexadecimal digits. */
export const hexOfInt = (int: number): string =>
  byteToHex[int >>> 24]! + byteToHex[(int >>> 16) & 0xff]! + byteToHex[(int >>> 8) & 0xff]! + byteToHex[int & 0xff]!

/** Reads 8 hexadecimal digits at `offset` as a signed 32-bit integer. The caller has checked that they are digits. */
export const intOfHex = (text: string, offset: number): number =>
  Number.parseInt(text.slice(offset, offset + 8), 16) | 0
