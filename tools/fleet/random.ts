/** Random numbers, repeatable by seed. */
export interface Random {
  /** In [0, 1). */
  next(): number;
  pick<T>(list: readonly [T, ...T[]]): T;
  /** That many characters of the alphabet. */
  text(length: number, alphabet: string): string;
}

/** mulberry32: 32 bits of state are enough to decide who posts when. Not for secrets. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    next,
    pick: (list) => list[Math.floor(next() * list.length)] ?? list[0],
    text: (length, alphabet) => Array.from({ length }, () => alphabet[Math.floor(next() * alphabet.length)]).join(""),
  };
}
