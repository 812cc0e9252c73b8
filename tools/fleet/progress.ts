import { Presets, SingleBar } from "cli-progress";
import type { Progress } from "./run.ts";

/** A bar on stderr; nothing if that is not a terminal. */
export function progressBar(pbxes: number) {
  const bar = new SingleBar(
    {
      format:
        "{bar} {percentage} % {phase} | {online}/{pbxes} online | {sent} posts, {refused} err, {lost} lost | p99 {p99} ms",
      hideCursor: true,
      clearOnComplete: true,
      fps: 4,
    },
    Presets.shades_classic,
  );
  const fields = (progress?: Progress) => {
    const { sent = 0, refused = 0, timedOut = 0, closed = 0 } = progress?.tally.posts ?? {};
    const p99 = progress?.tally.latency.summary().p99.toFixed(1) ?? "0";
    return {
      phase: progress?.phase ?? "domains",
      online: progress?.online ?? 0,
      pbxes,
      sent,
      refused,
      lost: timedOut + closed,
      p99,
    };
  };
  bar.start(100, 0, fields());
  return {
    /** Progress of getting accounts; the bar restarts with the ramp. */
    prepare: (share: number) => bar.update(Math.round(share * 100), fields()),
    show: (progress: Progress) => bar.update(Math.round(progress.share * 100), fields(progress)),
    stop: () => bar.stop(),
  };
}
