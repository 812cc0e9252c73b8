import type { TestPushResult } from "../../core/admin/views.ts";
import { fill } from "../texts/texts.ts";
import type { Viewer } from "./console.ts";

export function TestOutcome({ tested, viewer }: { readonly tested: TestPushResult; readonly viewer: Viewer }) {
  const { error, ms, later = "none", waitedMs = 0 } = tested;
  const words = viewer.c.test;
  const good = error === undefined && later === "none";
  return (
    <p class={`note ${good ? "good" : "warning"}`} role="status">
      {error !== undefined
        ? fill(words.refused, { error: `${error.err}, ${error.info}` })
        : `${fill(words.accepted, { ms })} ${fill(words.later[later], { seconds: Math.round(waitedMs / 1000) })}`}
    </p>
  );
}
