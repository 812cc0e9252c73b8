/** Messages between the pool and a sandbox (a worker thread). Events and results are JSON text, as on Lambda. */
export interface SandboxData {
  readonly taskRoot: string;
  /** `index.handler`: file without extension, then the exported name. */
  readonly handler: string;
  readonly functionName: string;
  readonly functionArn: string;
  readonly memoryMb: number;
  /** Multiplies the function's own time limits. */
  readonly patience: number;
}

export interface Invocation {
  readonly requestId: string;
  readonly event: string;
  readonly timeoutMs: number;
}

/**
 * `lines` is what the function has written since the last message. Lines get a message of their own only if no other
 * follows soon.
 */
export type SandboxMessage = { readonly lines: readonly string[] } & SandboxNews;
export type SandboxNews =
  | { readonly kind: "wrote" }
  | { readonly kind: "ready" }
  | { readonly kind: "result"; readonly payload: string }
  | {
      readonly kind: "error";
      readonly init: boolean;
      readonly errorType: string;
      readonly errorMessage: string;
      readonly stack: string;
    };
