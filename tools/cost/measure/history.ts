import { gzipSync } from "node:zlib";
import type { LambdaFunction } from "../../../local/lambda/pool.ts";
import type { Operation } from "../measured.ts";

const HOUR_MS = 3_600_000;
/** Posts of a day of three PBXes, which give the row its maximum size. */
const FILLING = 60;

/** What one post's log line costs the function that keeps recent posts, if its domain has been posting for a day. */
export async function measureHistory(
  history: LambdaFunction,
  perform: (work: () => Promise<void>) => Promise<Operation>,
): Promise<{ readonly recordedPost: Operation; readonly heldPost: Operation }> {
  const now = Date.now();
  const names = ["/master", "/slave", "/standby"];
  const deliver = async (n: number) => {
    const line = {
      level: "info",
      time: now - ((FILLING - n) / FILLING) * 23 * HOUR_MS,
      message: "post answered",
      account: `pbx.example.com${names[n % names.length]}`,
      app: ["ios-call", "ios", "android"][n % 3],
      type: "call",
      device: Buffer.alloc(32, n % 8).toString("base64url"),
      outcome: n % 9 === 0 ? "Uninstalled" : "accepted",
      ms: 30,
    };
    const logEvents = [{ id: String(n).padStart(56, "3"), timestamp: now, message: JSON.stringify(line) }];
    const batch = gzipSync(JSON.stringify({ messageType: "DATA_MESSAGE", logEvents }));
    const { ok } = await history.invoke({ awslogs: { data: batch.toString("base64") } });
    if (!ok) throw new Error("the history function failed");
  };
  for (let n = 1; n < FILLING; n += 1) await deliver(n);
  const recordedPost = await perform(() => deliver(FILLING));
  // A repeated delivery is kept in memory like a post that waits for its write.
  const heldPost = await perform(() => deliver(FILLING));
  return { recordedPost, heldPost };
}
