import type { Deviation } from "./emulator/emulator.ts";

const meanings: Readonly<Record<Deviation["kind"], string>> = {
  added: "taught to it by our launcher, which hands over to its own functions",
  stubbed: "not created at all: only named",
  assumed: "taken for granted",
};

const beyond = [
  "  SNS mobile push and the phones: our own simulator",
  "  SNS's events about pushes: published by us as the account itself, so that the topic's policy for SNS decides nothing",
  "  CloudTrail: nobody tells EventBridge of a changed secret, its rule is only asked whether it would fit",
  "  TLS, and WebSockets through CloudFront: sockets go to API Gateway directly, the canary cannot connect",
];

/** The honest limit of the check: where the emulator was not itself, by name, each with how many resources it concerned. */
export function told(deviations: readonly Deviation[]): string {
  const lines = Object.entries(meanings).flatMap(([kind, meaning]) => {
    const uses = new Map<string, Set<string>>();
    for (const { name, at } of deviations.filter((deviation) => deviation.kind === kind))
      uses.set(name, (uses.get(name) ?? new Set()).add(at));
    const names = [...uses].sort(([a], [b]) => a.localeCompare(b)).map(([name, at]) => `  ${at.size} × ${name}`);
    return names.length === 0 ? [] : [`${names.length} ${kind} (${meaning}):`, ...names];
  });
  return ["", "Where the emulator was not itself:", ...lines, "", "Beyond its reach:", ...beyond].join("\n");
}
