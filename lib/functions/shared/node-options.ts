/** V8's young generation, in MiB a half; a default of 16 grows to 48 in all before it is ever collected. */
const SEMI_SPACE_MIB = 4;
/** What the runtime gives the old generation by default, as a share of the function's memory. */
const OLD_SPACE_SHARE = 0.9;

/**
 * NODE_OPTIONS of a function whose events leave little behind: its garbage stays in a processor's cache, and takes half the memory
 * (docs/operate/performance.md). Lambda's runtime leaves its own sizes away where these are set (bootstrap of nodejs24.x, as
 * dev.to/wonderfulsoap shows it, "Deep Dive into AWS Lambda (3)"; docs/unproven.md, `node-options`), so both are.
 */
export const smallHeap = (memoryMib: number): string =>
  `--max-semi-space-size=${SEMI_SPACE_MIB} --max-old-space-size=${Math.floor(memoryMib * OLD_SPACE_SHARE)}`;
