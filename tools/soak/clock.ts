/**
 * The clock of API Gateway, SNS and DynamoDB's sweep, which is that of this process; the functions' clocks, in their threads,
 * stay correct.
 */
export interface Jumping {
  jump(ms: number): void;
  readonly offset: number;
  restore(): void;
}

export function jumpingClock(): Jumping {
  const real = Date.now;
  let offset = 0;
  Date.now = () => real() + offset;
  return {
    jump: (ms) => void (offset = ms),
    get offset() {
      return offset;
    },
    restore: () => void (Date.now = real),
  };
}
