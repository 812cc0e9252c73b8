import type { Deviation } from "./emulator/emulator.ts";

const meanings: Readonly<Record<Deviation["kind"], string>> = {
  added: "added by our launcher, which calls the emulator's own functions",
  stubbed: "not created at all: only named",
  assumed: "assumed to work",
};

const beyond = [
  "  SNS mobile push and the phones: our own simulator",
  "  SNS's events about pushes: published by us as the account itself, so that the topic's policy for SNS decides nothing",
  "  CloudTrail: EventBridge gets no event of a changed secret; we only test whether its rule would match",
  "  TLS, and WebSockets through CloudFront: sockets go to API Gateway directly, the canary cannot connect",
];

/** The limits of the check: where the emulator was modified, by name, with the number of resources affected. */
export function told(deviations: readonly Deviation[]): string {
  const lines = Object.entries(meanings).flatMap(([kind, meaning]) => {
    const uses = new Map<string, Set<string>>();
    for (const { name, at } of deviations.filter((deviation) => deviation.kind === kind))
      uses.set(name, (uses.get(name) ?? new Set()).add(at));
    const names = [...uses].sort(([a], [b]) => a.localeCompare(b)).map(([name, at]) => `  ${at.size} × ${name}`);
    return names.length === 0 ? [] : [`${names.length} ${kind} (${meaning}):`, ...names];
  });
  return ["", "Where the emulator was modified:", ...lines, "", "Not covered:", ...beyond].join("\n");
}
