/** What the pool and a sandbox (a worker thread) tell one another. Events and results cross as JSON text, as on Lambda. */
export interface SandboxData {
  readonly taskRoot: string;
  /** `index.handler`: file without extension, then the exported name. */
  readonly handler: string;
  readonly functionName: string;
  readonly functionArn: string;
  readonly memoryMb: number;
  /** How many times longer the function's own time limits are than it says. */
  readonly patience: number;
}

export interface Invocation {
  readonly requestId: string;
  readonly event: string;
  readonly timeoutMs: number;
}

/** `lines` are what the function has written since the last message: no message of their own but where none follows soon. */
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
