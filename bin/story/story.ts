import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { isPbxError } from "../pbx/errors.ts";
import { connectPbx } from "../pbx/protocol/client.ts";
import type { Post } from "../pbx/protocol/frames.ts";
import type { Pbx } from "../pbx/protocol/session.ts";
import { registrationClient, type Ticket } from "../pbx/registration.ts";
import { confirmByLink } from "./confirm.ts";
import { eventually } from "./eventually.ts";
import type { Login, World } from "./world.ts";

/** Follows the story. */
export interface Listener {
  chapter?(title: string): void;
  /** Runs a step, which resolves with the line to show, or rejects. */
  step(title: string, work: () => Promise<string>): Promise<unknown>;
  leftOut(title: string, why: string): void;
}

type Need = "mailbox" | "phones" | "operator";

/** Why a step is left out. */
const LACKS: Readonly<Record<Need | "login", string>> = {
  mailbox: "no mailbox can be read here",
  phones: "what phones get cannot be seen here",
  operator: "the operator's API is not known here",
  login: "there is no account to log in with",
};

/** How far the story has come. */
interface Progress {
  ticket?: Ticket;
  link?: string;
  login?: Login;
  /** What the operator added and has not deleted. */
  added?: Login;
  pbx?: Pbx;
  /** Violations of the protocol that the PBX noticed. */
  readonly violations: string[];
}

interface Step {
  readonly chapter?: string;
  readonly title: string;
  /** Worlds without these skip the step. */
  readonly needs: readonly (Need | "login")[];
  readonly run: (world: World, so: Progress) => Promise<string>;
}

/** A value that an earlier step must have set. */
function known<T>(value: T | undefined, what: string): T {
  assert.ok(value !== undefined, `there is no ${what}`);
  return value;
}

const emailOf = ({ domain }: World) => `admin@${domain}`;
const iphone = () => randomBytes(32).toString("hex");

const logIn = ({ url, strip = false, signal }: World, login: Login, { violations }: Progress): Promise<Pbx> =>
  connectPbx({ url, strip, ...login, signal, onViolation: (what) => violations.push(what) });

async function push({ pbx }: Progress, post: Post): Promise<string | undefined> {
  const { err, info } = await known(pbx, "connection").push(post);
  return err === undefined ? undefined : `${err}${typeof info === "string" ? ` ${info}` : ""}`;
}

/** A post for a new phone, read back as the phone got it. */
const wake = (chapter: string | undefined, app: string, type: string, what: string): Step => ({
  ...(chapter !== undefined && { chapter }),
  title: `wake a phone: ${type} for ${app}`,
  needs: ["login", "phones"],
  run: async ({ phones, signal }, so) => {
    const device = app === "android" ? randomBytes(96).toString("base64url") : iphone();
    const members = { content: `encrypted: ${what}` };
    assert.equal(await push(so, { token: `${app}:${device}`, type, members }), undefined);
    const got = await eventually("the push", signal, () => phones?.received(device));
    assert.ok(got.app.endsWith(app), `the push came by the app ${got.app}`);
    assert.equal(got.payload["payload"], JSON.stringify({ type, ...members }));
    assert.ok(got.does === "rings" || got.does === "shows", `the phone ${got.does} it: ${got.why}`);
    return `the PBX posts the ${type} for ${app}:${device.slice(0, 9)}…; the phone ${got.does === "rings" ? "rings" : "shows it"} (${got.why}; ttl ${got.ttl} s)`;
  },
});

/** The way of a domain from its registration to its end. */
const STEPS: readonly Step[] = [
  {
    chapter: "An administrator registers the domain in the Connect window",
    title: "ask for the domain in the Connect window",
    needs: ["mailbox"],
    run: async (world, so) => {
      so.ticket = await registrationClient(world.pages, world.signal).start(world.domain, emailOf(world));
      return `the window of ${world.domain} shows the code ${so.ticket.code} and waits`;
    },
  },
  {
    title: "get the email",
    needs: ["mailbox"],
    run: async (world, so) => {
      so.link = await eventually("the email", world.signal, () => world.mailbox?.(emailOf(world)));
      return `an email with a link arrives at ${emailOf(world)}`;
    },
  },
  {
    title: "open the link and enter the code there",
    needs: ["mailbox"],
    run: async ({ pages, signal }, { ticket, link }) => {
      const { ticket: id, code } = known(ticket, "ticket");
      assert.equal((await registrationClient(pages, signal).poll(id)).state, "waiting");
      await confirmByLink(known(link, "link"), code, signal);
      return "the administrator opens the link and enters the code there";
    },
  },
  {
    title: "Connect succeeds",
    needs: ["mailbox"],
    run: async ({ domain, pages, signal }, so) => {
      const client = registrationClient(pages, signal);
      const { ticket } = known(so.ticket, "ticket");
      const confirmed = await eventually("the confirmation", signal, async () => {
        const state = await client.poll(ticket);
        return state.state === "confirmed" ? state : undefined;
      });
      await client.acknowledge(ticket);
      assert.equal(confirmed.domain, domain);
      // A PBX whose system name is the domain and whose Account field says `master`.
      so.login = { account: `${domain}/master`, secret: confirmed.password };
      return `Connect succeeded. For the Push object: URL ${confirmed.url}, password ${confirmed.password}`;
    },
  },
  {
    chapter: "The operator adds a domain by hand",
    title: "the operator adds a domain",
    needs: ["operator"],
    run: async ({ domain, operator }, so) => {
      so.added = await known(operator, "operator").add(`by-hand.${domain}`);
      so.login ??= so.added;
      return `the operator adds ${so.added.account}`;
    },
  },
  {
    chapter: "The PBX connects",
    title: "log in",
    needs: ["login"],
    run: async (world, so) => {
      const login = known(so.login, "login");
      so.pbx = await logIn(world, login, so);
      await so.pbx.keepAlive();
      return `logged in as ${login.account} with a digest over the server's challenge; KeepAlive is answered`;
    },
  },
  {
    title: "a post for an app that nobody has is refused",
    needs: ["login"],
    run: async (_, so) => {
      const refused = await push(so, { token: `nobody:${iphone()}`, type: "call" });
      assert.match(refused ?? "taken", /^UnknownApp/u);
      return `a post for an app that nobody has is refused: ${refused}`;
    },
  },
  wake("Someone calls a sleeping iPhone", "ios-call", "call", "number, name"),
  wake("A message for an iPhone, and for an Android phone", "ios", "notification", "title, text"),
  wake(undefined, "android", "notification", "title, text"),
  {
    chapter: "A phone loses its app",
    title: "a phone without the app: what SNS reports answers a later post",
    needs: ["login", "phones"],
    run: async ({ phones, signal }, so) => {
      const device = iphone();
      const post = { token: `ios-call:${device}`, type: "call" };
      phones?.uninstall(device);
      assert.equal(await push(so, post), undefined);
      const err = await eventually("the report", signal, () => push(so, post));
      assert.match(err, /^Uninstalled/u);
      return "the first post is taken, as nobody knows yet; a later one is refused: Uninstalled";
    },
  },
  {
    chapter: "The operator looks after the domain",
    title: "the operator sees the PBX connected",
    needs: ["login", "operator"],
    run: async ({ operator, signal }, { login }) => {
      const [domain = ""] = known(login, "login").account.split("/");
      const count = await eventually(
        "the connection",
        signal,
        async () => (await operator?.connections(domain)) || undefined,
      );
      return `${domain} has ${count} PBX connected`;
    },
  },
  {
    title: "the operator deletes the domain added by hand, which can log in no more",
    needs: ["operator"],
    run: async (world, so) => {
      const added = known(so.added, "domain added by hand");
      await world.operator?.remove(added.account);
      delete so.added;
      const error: unknown = await logIn(world, added, so).then(
        (pbx) => pbx.drop(),
        (thrown: unknown) => thrown,
      );
      assert.ok(isPbxError(error) && error.kind === "refused", "it still logs in");
      return `${added.account} is deleted; its PBX is refused: ${error.error}`;
    },
  },
];

/** Runs the steps that this world supports and reports the others as skipped. Rejects at the first step that fails. */
export async function runStory(world: World, listener: Listener): Promise<{ readonly login?: Login }> {
  const so: Progress = { violations: [], ...(world.login && { login: world.login }) };
  try {
    for (const { chapter, title, needs, run } of STEPS) {
      if (chapter !== undefined) listener.chapter?.(chapter);
      const lacking = needs.find((need) => (need === "login" ? so.login : world[need]) === undefined);
      if (lacking !== undefined) listener.leftOut(title, LACKS[lacking]);
      else
        await listener.step(title, async () => {
          const told = await run(world, so);
          assert.deepEqual(so.violations, [], "against the protocol");
          return told;
        });
    }
    return { ...(so.login && { login: so.login }) };
  } finally {
    await so.pbx?.close();
    if (so.added !== undefined) await world.operator?.remove(so.added.account);
  }
}
