import { createHash, randomUUID } from "node:crypto";

export interface QueueDefinition {
  readonly name: string;
  readonly arn: string;
  readonly visibilityTimeoutMs: number;
  readonly delayMs: number;
  /** After this many receives a message moves to the dead-letter queue. */
  readonly redrive?: { readonly targetArn: string; readonly maxReceiveCount: number };
}

/** A message attribute in SQS's JSON protocol. */
export interface MessageAttribute {
  readonly DataType: string;
  readonly StringValue?: string;
  /** Base64. */
  readonly BinaryValue?: string;
}
export type MessageAttributes = Readonly<Record<string, MessageAttribute>>;

export interface Message {
  readonly id: string;
  readonly body: string;
  readonly attributes: MessageAttributes;
  /** Unix ms. */
  readonly sentAt: number;
}

export interface Received extends Message {
  readonly receiptHandle: string;
  readonly receiveCount: number;
  readonly firstReceivedAt: number;
}

/** A standard queue: at least once, in no guaranteed order. Messages do not expire. */
export interface Queue {
  readonly definition: QueueDefinition;
  /** Hides the message for `delayMs`, default the queue's own delay. */
  send(body: string, options?: { readonly attributes?: MessageAttributes; readonly delayMs?: number }): Message;
  /** At most `max` visible messages, hidden for `visibilityMs` (default the queue's) from now on. */
  receive(max: number, visibilityMs?: number): readonly Received[];
  /** Like `receive`, but waits up to `waitMs` for the first message. An aborted signal ends the wait. */
  poll(
    max: number,
    options: { readonly waitMs: number; readonly visibilityMs?: number; readonly signal?: AbortSignal },
  ): Promise<readonly Received[]>;
  /** False if the handle does not, or no longer, belong to a received message. */
  remove(receiptHandle: string): boolean;
  setVisibility(receiptHandle: string, ms: number): boolean;
  purge(): void;
  /** Moves time forward by `ms`: delayed and hidden messages become visible that much sooner. */
  pass(ms: number): void;
  /** When the oldest message was sent, Unix ms; undefined if there is none. */
  oldestAt(): number | undefined;
  counts(): { readonly visible: number; readonly inFlight: number; readonly delayed: number };
}

interface Entry {
  readonly message: Message;
  visibleAt: number;
  receiveCount: number;
  firstReceivedAt: number;
  receiptHandle?: string;
}

/** @param deadLetters finds the queue with the ARN in `redrive` */
export function createQueue(definition: QueueDefinition, deadLetters: (arn: string) => Queue | undefined): Queue {
  let entries: Entry[] = [];
  let wake = Promise.withResolvers<void>();

  const changed = () => {
    wake.resolve();
    wake = Promise.withResolvers<void>();
  };

  const held = (receiptHandle: string) => entries.find((entry) => entry.receiptHandle === receiptHandle);

  /** Moves a message that was received too often; true if moved. */
  const redriven = (entry: Entry): boolean => {
    const { redrive } = definition;
    const target =
      redrive && entry.receiveCount >= redrive.maxReceiveCount ? deadLetters(redrive.targetArn) : undefined;
    if (target === undefined) return false;
    entries = entries.filter((other) => other !== entry);
    target.send(entry.message.body, { attributes: entry.message.attributes });
    return true;
  };

  const receive: Queue["receive"] = (max, visibilityMs = definition.visibilityTimeoutMs) => {
    const now = Date.now();
    const received: Received[] = [];
    for (const entry of entries.filter(({ visibleAt }) => visibleAt <= now)) {
      if (received.length >= max) break;
      if (redriven(entry)) continue;
      entry.visibleAt = now + visibilityMs;
      entry.receiveCount += 1;
      entry.firstReceivedAt ||= now;
      entry.receiptHandle = randomUUID();
      const { message, receiptHandle, receiveCount, firstReceivedAt } = entry;
      received.push({ ...message, receiptHandle, receiveCount, firstReceivedAt });
    }
    return received;
  };

  return {
    definition,
    send(body, { attributes = {}, delayMs = definition.delayMs } = {}) {
      const now = Date.now();
      const message = { id: randomUUID(), body, attributes, sentAt: now };
      entries.push({ message, visibleAt: now + delayMs, receiveCount: 0, firstReceivedAt: 0 });
      changed();
      return message;
    },
    receive,
    async poll(max, { waitMs, visibilityMs, signal }) {
      const until = Date.now() + waitMs;
      for (;;) {
        const received = receive(max, visibilityMs);
        const now = Date.now();
        if (received.length > 0 || now >= until || signal?.aborted) return received;
        const next = Math.min(until, ...entries.map(({ visibleAt }) => visibleAt));
        await sleepOr(wake.promise, Math.max(1, next - now), signal);
      }
    },
    remove(receiptHandle) {
      const entry = held(receiptHandle);
      entries = entries.filter((other) => other !== entry);
      return entry !== undefined;
    },
    setVisibility(receiptHandle, ms) {
      const entry = held(receiptHandle);
      if (entry === undefined) return false;
      entry.visibleAt = Date.now() + ms;
      changed();
      return true;
    },
    purge() {
      entries = [];
    },
    pass(ms) {
      for (const entry of entries) entry.visibleAt -= ms;
      changed();
    },
    oldestAt: () =>
      entries.reduce<number | undefined>(
        (oldest, { message }) => Math.min(oldest ?? Infinity, message.sentAt),
        undefined,
      ),
    counts() {
      const now = Date.now();
      const hidden = entries.filter(({ visibleAt }) => visibleAt > now);
      const inFlight = hidden.filter(({ receiptHandle }) => receiptHandle !== undefined).length;
      return { visible: entries.length - hidden.length, inFlight, delayed: hidden.length - inFlight };
    },
  };
}

export const md5 = (text: string) => createHash("md5").update(text).digest("hex");

/** Longest delay of a Node timer. */
const LONGEST_MS = 2 ** 31 - 1;

async function sleepOr(event: Promise<void>, ms: number, signal?: AbortSignal): Promise<void> {
  const over = Promise.withResolvers<void>();
  const timer = setTimeout(over.resolve, Math.min(ms, LONGEST_MS));
  const abort = () => over.resolve();
  signal?.addEventListener("abort", abort);
  await Promise.race([event, over.promise]);
  clearTimeout(timer);
  signal?.removeEventListener("abort", abort);
}
