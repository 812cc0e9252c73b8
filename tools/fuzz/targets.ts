import { owners } from "./owners.ts";
import { queues } from "./queues.ts";
import { requests } from "./requests.ts";
import { sockets } from "./sockets.ts";
import type { Target } from "./target.ts";

export const targets: readonly Target[] = [sockets, requests, owners, queues];
