import type { JSX } from "preact";
import { wholePage, type Page } from "../../front/layout.tsx";
import { phonesCss } from "./page-style.ts";
import { idOf, phoneReaction, type Reaction } from "./reaction.ts";
import { COMMANDS } from "../../product.ts";
import { isApple, isVoip, type Push } from "../types.ts";

/** Path of the page and its buttons. */
export const PHONES = "/_local/phones";

/** Newest pushes shown per phone. */
const PER_PHONE = 20;

/** Buttons that wake a phone: the new phones, and the result of the last test push. */
interface Test {
  readonly newPhones: readonly (readonly [name: string, token: string])[];
  readonly last: string | undefined;
}

interface Received {
  readonly push: Push;
  readonly reaction: Reaction;
}

interface Phone {
  readonly app: string;
  readonly platform: Push["platform"];
  readonly token: string;
  /** Oldest first. */
  readonly received: readonly Received[];
}

/** Pushes (oldest first) by phone, with the phone's reaction; the phone of the latest push is first. */
export function phonesOf(pushes: readonly Push[]): readonly Phone[] {
  const phones = new Map<string, { phone: Phone & { received: Received[] }; seen: Set<string> }>();
  for (const push of pushes) {
    const key = `${push.app} ${push.token}`;
    const { app, platform, token } = push;
    const { phone, seen } = phones.get(key) ?? {
      phone: { app, platform, token, received: [] },
      seen: new Set<string>(),
    };
    phone.received.push({ push, reaction: phoneReaction(push, push.at, seen) });
    const id = idOf(push);
    if (id !== undefined) seen.add(id);
    // Deleted and set again, the entry moves to the end.
    phones.delete(key);
    phones.set(key, { phone, seen });
  }
  return [...phones.values()].map(({ phone }) => phone).toReversed();
}

/** The phones, what each received and what it did. */
export function phonesPage(pushes: readonly Push[], test: Test): Page {
  const phones = phonesOf(pushes);
  const content = (
    <>
      <header>
        <h1>Phones</h1>
        <p>What Apple and Google handed over on this machine, and what each phone did with it.</p>
        <p>
          <a href="">Reload</a>
        </p>
        <NewPhones test={test} />
      </header>
      <main>{phones.length === 0 ? <Nothing /> : phones.map((phone) => <PhoneCard phone={phone} />)}</main>
    </>
  );
  return wholePage("Phones", content, { css: phonesCss, policy: "form-action 'self'; frame-ancestors 'none'" });
}

function NewPhones({ test: { newPhones, last } }: { test: Test }): JSX.Element {
  return (
    <form method="post" action={PHONES}>
      {newPhones.map(([name, token]) => (
        <button name="token" value={token}>
          Send a test push: {name}
        </button>
      ))}
      {last !== undefined && <p role="status">{last}</p>}
    </form>
  );
}

const Nothing = (): JSX.Element => (
  <p class="empty">
    No push has arrived yet. Let a PBX send one, for instance <code>{COMMANDS.push}</code>.
  </p>
);

function PhoneCard({ phone }: { phone: Phone }): JSX.Element {
  const newest = phone.received.toReversed();
  const hidden = newest.length - PER_PHONE;
  return (
    <section class="phone">
      <h2>
        {vendorName(phone.platform)} <span class="app">{phone.app}</span>
      </h2>
      <p class="token">
        <span class="label">Token</span> <code>{phone.token}</code>
      </p>
      <form method="post" action={PHONES}>
        <button name="token" value={`${phone.app}:${phone.token}`}>
          Send a test push
        </button>
      </form>
      <ol>
        {newest.slice(0, PER_PHONE).map((received) => (
          <ReceivedPush received={received} />
        ))}
      </ol>
      {hidden > 0 && <p class="more">and {hidden} older</p>}
    </section>
  );
}

const signs: Readonly<Record<Reaction["does"], string>> = {
  rings: "good",
  shows: "good",
  drops: "quiet",
  "kills the app": "bad",
};

function ReceivedPush({ received: { push, reaction } }: { received: Received }): JSX.Element {
  const at = new Date(push.at).toISOString();
  const headers = [
    ["priority", push.priority],
    ["push type", push.pushType],
    ["topic", push.topic],
    ["TTL", push.ttl === undefined ? undefined : `${push.ttl} s`],
    ["collapse id", push.collapseId],
  ] as const;
  return (
    <li>
      <p class="reaction">
        <strong class={signs[reaction.does]}>{reaction.does}</strong> <span>{reaction.why}</span>{" "}
        <time dateTime={at}>{at.replace("T", " ").replace("Z", " UTC")}</time>
      </p>
      <details>
        <summary>What it received</summary>
        <dl>
          {headers.map(
            ([name, value]) =>
              value !== undefined && (
                <div>
                  <dt>{name}</dt>
                  <dd>{value}</dd>
                </div>
              ),
          )}
        </dl>
        <pre tabIndex={0}>{JSON.stringify(push.payload, undefined, 2)}</pre>
      </details>
    </li>
  );
}

function vendorName(platform: Push["platform"]): string {
  if (isVoip(platform)) return "iPhone, calls";
  if (isApple(platform)) return "iPhone, notifications";
  return platform === "GCM" ? "Android" : platform;
}
