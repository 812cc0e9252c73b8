import { Session, type Profiler } from "node:inspector/promises";
import { warmPosts } from "./overhead.ts";

/** Shares of warm posts' CPU time, largest first. */
export interface Profile {
  readonly posts: number;
  readonly shares: readonly { readonly name: string; readonly share: number }[];
}

const SAMPLE_US = 200;
const MOST = 14;

/** V8's CPU profile of that many warm posts, without the network and without the bench itself. */
export async function profile(posts: number): Promise<Profile> {
  const session = new Session();
  session.connect();
  try {
    const ready = warmPosts();
    await ready.run(1_000); // compiled and optimised by then
    await session.post("Profiler.enable");
    await session.post("Profiler.setSamplingInterval", { interval: SAMPLE_US });
    await session.post("Profiler.start");
    await ready.run(posts);
    const { profile: taken } = await session.post("Profiler.stop");
    ready.close();
    return { posts, shares: sharesOf(taken) };
  } finally {
    session.disconnect();
  }
}

type Node = Profiler.ProfileNode;
type Shares = Profile["shares"];

/** Time of every sample, charged to what `chargeTo` finds on its stack, as shares. */
function sharesOf({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile): Shares {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id] as const)));
  const stackOf = (id: number): Node[] => {
    const stack: Node[] = [];
    for (let at: number | undefined = id; at !== undefined; at = parents.get(at)) {
      const node = byId.get(at);
      if (node) stack.push(node);
    }
    return stack;
  };
  const charged = new Map(nodes.map(({ id }) => [id, chargeTo(stackOf(id))]));
  const sums = new Map<string, number>();
  samples.forEach((id, index) => {
    const name = charged.get(id);
    if (name !== undefined) sums.set(name, (sums.get(name) ?? 0) + (timeDeltas[index] ?? 0));
  });
  const total = [...sums.values()].reduce((sum, us) => sum + us, 0);
  const sorted = [...sums].map(([name, us]) => ({ name, share: us / total })).sort((a, b) => b.share - a.share);
  const rest = sorted.slice(MOST).reduce((sum, { share }) => sum + share, 0);
  return rest > 0 ? [...sorted.slice(0, MOST), { name: "the rest", share: rest }] : sorted;
}

/** Our signer, with the hash functions that it calls. */
const SIGNING = /\/aws\/wire\/signature\./u;

/**
 * What a sample is charged to, by the stack from its innermost frame out: signing with all its calls; else the innermost file that
 * is a package's or ours, so that Node's own functions count for their caller. Undefined for idling and the bench itself.
 */
function chargeTo(stack: readonly Node[]): string | undefined {
  const frames = stack.map(({ callFrame: { functionName, url } }) => ({ functionName, url }));
  const [inner] = frames;
  if (inner?.functionName === "(idle)") return undefined;
  if (inner?.functionName === "(garbage collector)") return "garbage collection";
  if (frames.some(({ url }) => SIGNING.test(url))) return "signing";
  for (const { url } of frames) {
    const inPackage = /node_modules\/((?:@[^/]+\/)?[^/]+)(?:\/dist-\w+\/submodules\/([^/]+))?/u.exec(
      url.slice(Math.max(0, url.lastIndexOf("node_modules/"))),
    );
    if (inPackage) return [inPackage[1], inPackage[2]].filter((part) => part !== undefined).join("/");
    const room = /\/(lambdas\/[^/]+)\//u.exec(url)?.[1];
    if (room !== undefined) return room;
    if (url.includes("/bench/")) return undefined;
  }
  return "Node";
}
