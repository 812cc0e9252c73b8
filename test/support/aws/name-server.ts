import { setImmediate as idle } from "node:timers/promises";
import dns2 from "dns2";

export interface NameServer {
  /** `127.0.0.1:PORT` */
  readonly address: string;
  /** TXT records by name, in lower case; a record may consist of several strings. */
  readonly txt: Map<string, readonly (string | string[])[]>;
  /** Answers nothing while true. */
  silent: boolean;
  stop(): Promise<void>;
}

/** A name server on loopback, with TXT records only. */
export async function startNameServer(): Promise<NameServer> {
  const txt: NameServer["txt"] = new Map();
  const state = { silent: false };
  const server = dns2.createUDPServer((request, send) => {
    if (state.silent) return;
    const response = dns2.Packet.createResponseFromRequest(request);
    const name = request.questions[0]?.name ?? "";
    const records = txt.get(name.toLowerCase());
    if (records === undefined) response.header.rcode = 3; // no such name
    for (const data of records ?? []) {
      const { TYPE, CLASS } = dns2.Packet;
      response.answers.push({ name, type: TYPE.TXT, class: CLASS.IN, ttl: 0, data } as dns2.Packet.Resource);
    }
    void send(response);
  });
  await server.listen(0, "127.0.0.1");
  return Object.assign(state, {
    address: `127.0.0.1:${server.address().port}`,
    txt,
    async stop() {
      server.close();
      await idle();
    },
  });
}
