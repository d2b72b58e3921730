/* eslint-disable no-bitwise */

/** A set of choices of one part, a bit each. */
export type Bits = Uint32Array;

/** The set of choices for which a test is true. */
export function bitsOf(count: number, isMember: (index: number) => boolean): Bits {
  const bits = new Uint32Array(Math.ceil(count / 32));
  for (let i = 0; i < count; i++) {
    if (isMember(i)) {
      bits[i >>> 5] |= 1 << (i & 31);
    }
  }
  return bits;
}

/** The set of some choices. */
export function bitsWith(count: number, members: readonly number[]): Bits {
  const bits = new Uint32Array(Math.ceil(count / 32));
  for (const i of members) {
    bits[i >>> 5] |= 1 << (i & 31);
  }
  return bits;
}

export function and(one: Bits, other: Bits): Bits {
  return one.map((word, i) => word & other[i]);
}

export function isEmpty(bits: Bits): boolean {
  return bits.every((word) => word === 0);
}

export function andNot(one: Bits, other: Bits): Bits {
  return one.map((word, i) => word & ~other[i]);
}

export function intersects(one: Bits, other: Bits): boolean {
  for (let i = 0; i < one.length; i++) {
    if ((one[i] & other[i]) !== 0) {
      return true;
    }
  }
  return false;
}

export function contains(larger: Bits, smaller: Bits): boolean {
  for (let i = 0; i < smaller.length; i++) {
    if ((smaller[i] & ~larger[i]) !== 0) {
      return false;
    }
  }
  return true;
}

export function equal(one: Bits, other: Bits): boolean {
  for (let i = 0; i < one.length; i++) {
    if (one[i] !== other[i]) {
      return false;
    }
  }
  return true;
}

/** How many choices are in the set; counting stops at a limit. */
export function size(bits: Bits, limit: number): number {
  let count = 0;
  for (let word of bits) {
    for (; word !== 0 && count < limit; word &= word - 1) {
      count++;
    }
  }
  return count;
}

export function first(bits: Bits): number {
  const at = bits.findIndex((word) => word !== 0);
  return at * 32 + (31 - Math.clz32(bits[at] & -bits[at]));
}

export function only(bits: Bits, index: number): Bits {
  const single = new Uint32Array(bits.length);
  single[index >>> 5] |= 1 << (index & 31);
  return single;
}

export function without(bits: Bits, index: number): Bits {
  return andNot(bits, only(bits, index));
}

/** Adds the members of one set to another. */
export function addAll(to: Bits, from: Bits): void {
  for (let i = 0; i < to.length; i++) {
    to[i] |= from[i];
  }
}
