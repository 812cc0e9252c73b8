import type { LocalHost } from "../../local/host.ts";
import { phoneReaction } from "../../local/sns/phones/reaction.ts";
import type { SnsControl } from "../../local/sns/simulator.ts";
import { adminApi } from "../admin/api.ts";
import { operatorBy, type Phones, type World } from "../story/world.ts";

/** The phones of a simulated SNS. */
export const phonesOf = (phones: SnsControl["phones"]): Phones => ({
  received: (device) => {
    const push = phones.list().findLast(({ token }) => token === device);
    return push && { ...push, ...phoneReaction(push, push.at) };
  },
  uninstall: (device) => phones.uninstall(device),
});

/** The host on this machine, which can show everything. */
export const localWorld = (host: LocalHost, signal: AbortSignal): World => ({
  url: host.url,
  pages: host.url,
  domain: "pbx.example.com",
  signal,
  mailbox: (address) =>
    /https?:\/\/\S+/u.exec(host.mailbox.list().findLast(({ to }) => to === address)?.text ?? "")?.[0],
  phones: phonesOf(host.sns.phones),
  operator: operatorBy(adminApi(host.url, {})),
});
