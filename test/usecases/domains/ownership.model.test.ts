import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { named, type Change } from "../../../lambdas/core/domains/change.ts";
import { isProvisional } from "../../../lambdas/core/domains/domain.ts";
import type { Visitor } from "../../../lambdas/core/domains/visitor.ts";
import type { Notice, NoticeKind } from "../../../lambdas/core/domains/notice.ts";
import { counts } from "../../../lambdas/core/domains/secrets.ts";
import { olderOf, type AccountSecrets } from "../../../lambdas/core/pbx/secret.ts";
import { accountKey } from "../../../lambdas/core/shared/names.ts";
import { address, OPERATOR, ownershipServices, type OwnershipServices } from "../../support/services/ownership.ts";

/**
 * Random interleavings of everything that owner, rival, operator, mail scanner, PBX and clock can do to one domain. The
 * model tracks who knows which secret, without using the rules in core.
 */
const DOMAIN = "pbx.example.com";
/** With its own secret, once the operator has set it up; only the operator's if the domain had no owner then. */
const ACCOUNT = "pbx.example.com/slave";
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/**
 * `inside` shows a right by its address, above the domain, and controls DNS; `dns` controls DNS; the others have
 * nothing to show, and `student` has an address below the domain.
 */
const PEOPLE = [
  "inside@example.com",
  "dns@one.example",
  "squatter@two.example",
  "rival@three.example",
  "student@dorm.pbx.example.com",
] as const;
const [INSIDE, DNS] = PEOPLE;
type Person = (typeof PEOPLE)[number];

interface Model {
  /** Text of each secret → who has seen it. */
  readonly seen: Map<string, Set<string>>;
  /** Text of each secret → former owners who transferred the domain themselves and may still know it. */
  readonly excused: Map<string, Set<string>>;
  readonly windows: { readonly person: Person; readonly ticket: string; readonly code: string }[];
  /** Links in registration emails, with the mailbox they are in. */
  readonly letters: { readonly person: string; readonly link: string }[];
  /** Token of each person's last web session, from a link in their own mailbox. */
  readonly sessions: Map<string, string>;
  /** The same for the last link that each found in an email about a claim or a change of address, with its purpose. */
  readonly scopedLinks: Map<string, { readonly token: string; readonly verb: OnPage }>;
  /** Emails about changes that have not left yet, by id, with their reader. */
  readonly owed: Map<string, string>;
  /** Ids of secrets that a PBX has logged in with; those from before the current step. */
  readonly used: Set<string>;
  readonly usedBefore: Set<string>;
  /** What the owner has replaced since all older ones ended, newest first. */
  replaced: readonly { readonly id: string; readonly at: number }[];
  /** The account is only the operator's. */
  operators: boolean;
  /** Steps tried through links with one purpose, and those done. */
  readonly byScope: Set<string>;
  checked: number;
  told: number;
  /** Emails of registrations, and notices, that have been read. */
  mailed: number;
  noticed: number;
}

type Action =
  | { readonly verb: "register"; readonly by: Person; readonly as: Person }
  | { readonly verb: "confirm"; readonly by: Person; readonly replace: boolean }
  | { readonly verb: "poll"; readonly by: Person }
  | PageAction
  | { readonly verb: "add" | "transfer"; readonly to: Person }
  | { readonly verb: "add-account" | "delete-account" | "hand-over" | "unpublish" }
  | {
      readonly verb:
        | "rekey"
        | "suspend"
        | "resume"
        | "delete"
        | "disconnect"
        | "grant"
        | "deny"
        | "object-for"
        | "end-old-for"
        | "resend";
    }
  | { readonly verb: "login"; readonly old: boolean }
  | { readonly verb: "scan" | "tidy" | "mail" }
  /** Time passes with or without the daily steps; emails leave every day, or none does. */
  | { readonly verb: "live"; readonly days: number; readonly post: boolean }
  | { readonly verb: "wait"; readonly ms: number };

type OnPage = "replace" | "end-old" | "move" | "cancel" | "follow" | "release" | "object" | "prove";
/** A step on the domain's page; `lain`: through a link that stayed in the mailbox, not one just requested. */
interface PageAction {
  readonly verb: OnPage;
  readonly by: Person;
  readonly lain: boolean;
  /** New address of a move. */
  readonly to: Person;
  /** Of a replacement: number of repetitions, as its answer was lost; only the last answer is seen. */
  readonly lost?: number;
}
const ON_PAGE: readonly OnPage[] = ["replace", "end-old", "move", "cancel", "follow", "release", "object", "prove"];
const isOnPage = (action: Action): action is PageAction => (ON_PAGE as readonly string[]).includes(action.verb);
/** The one purpose of the link in an email, if it is not a link to the whole page. */
const FOR: Readonly<Partial<Record<NoticeKind, OnPage>>> = { claimed: "object", "address-asked": "follow" };

const learn = ({ seen }: Model, person: string, secret: string) =>
  seen.set(secret, new Set([...(seen.get(secret) ?? []), person]));

/** The visitor on the page is the session's, whose mailbox had the link; undefined once time is over. */
async function visitorOf(model: Model, services: OwnershipServices, person: string): Promise<Visitor | undefined> {
  const known = await services.visit.session(model.sessions.get(person) ?? "");
  const token = known === undefined ? await services.enter(DOMAIN, person) : undefined;
  if (token !== undefined) model.sessions.set(person, token);
  const session = known ?? (await services.visit.session(token ?? ""));
  if (session !== undefined) expect(session.visitor).toMatchObject({ account: DOMAIN, emailKey: person });
  return session?.visitor;
}

/** The same through a link that stayed in the mailbox, with its purpose; undefined if none still works. */
async function scopedLinkOf(model: Model, services: OwnershipServices, person: string) {
  const open = model.scopedLinks.get(person);
  const known = await services.visit.session(open?.token ?? "");
  if (open !== undefined && known !== undefined) return { visitor: known.visitor, verb: open.verb };
  for (const { kind, to, link = "" } of services.notices.toReversed()) {
    const verb = to === person ? FOR[kind] : undefined;
    // A scanner has pressed the button before them.
    await services.visit.enter(link, "");
    const entered = await services.visit.enter(link, "");
    const session = await services.visit.session(entered.kind === "entered" ? entered.token : "");
    if (verb === undefined || entered.kind !== "entered" || session === undefined) continue;
    expect(session.visitor).toMatchObject({ account: DOMAIN, emailKey: person });
    model.scopedLinks.set(person, { token: entered.token, verb });
    return { visitor: session.visitor, verb };
  }
  return undefined;
}

/** A step on the page: a link allows only its purpose, and shows nothing else. */
async function onPage(model: Model, services: OwnershipServices, action: PageAction): Promise<void> {
  const { verb, by, lain } = action;
  if (!lain) {
    const visitor = await visitorOf(model, services, by);
    if (visitor !== undefined) await takeStep(model, services, action, visitor);
    return;
  }
  const scoped = await scopedLinkOf(model, services, by);
  if (scoped === undefined) return;
  const { role } = await services.owners.view(scoped.visitor);
  expect(
    [scoped.verb === "object" ? "objector" : "successor", "done-link"],
    `seen by a link to ${scoped.verb}`,
  ).toContain(role);
  const done = await takeStep(model, services, action, scoped.visitor);
  if (verb !== scoped.verb) expect(done, `${verb} by a link to ${scoped.verb}`).toBe(false);
  if (done || verb !== scoped.verb) model.byScope.add(`${verb} by a link to ${scoped.verb}`);
}

/** Whether it was done. */
async function takeStep(
  model: Model,
  services: OwnershipServices,
  { verb, by, to, lost = 0 }: PageAction,
  visitor: Visitor,
): Promise<boolean> {
  const { owners } = services;
  switch (verb) {
    case "replace": {
      const replace = async () =>
        owners.replaceSecret(visitor, (await services.domains.find(DOMAIN))?.secrets.current.id ?? "");
      for (let each = 0; each < lost; each += 1) await replace();
      const done = await replace();
      if (done.ok) learn(model, by, done.value.password);
      return done.ok;
    }
    case "end-old":
      return (await owners.endOldSecret(visitor)).ok;
    case "move":
      return (await owners.changeAddress(visitor, address(to))).ok;
    case "cancel":
      return (await owners.cancelChange(visitor)).ok;
    case "follow":
      return (await owners.confirmAddress(visitor)).ok;
    case "release":
      return (await owners.release(visitor)).ok;
    case "object":
      return (await owners.object(visitor)).ok;
    case "prove": {
      if (by === INSIDE || by === DNS) await services.publish(visitor);
      const proved = await owners.prove(visitor);
      if (proved.ok && proved.value.kind === "taken") learn(model, by, proved.value.password);
      return proved.ok;
    }
  }
}

async function act(model: Model, services: OwnershipServices, action: Action): Promise<void> {
  if (isOnPage(action)) return onPage(model, services, action);
  const { window, page, office, clock } = services;
  switch (action.verb) {
    case "register": {
      const requested = await window.request(DOMAIN, address(action.as), "192.0.2.1", "en");
      if (!("limitedFor" in requested)) model.windows.push({ person: action.by, ...requested });
      return;
    }
    case "confirm": {
      // People enter the codes of their own windows on the pages behind the emails that they got.
      const letter = model.letters.findLast(({ person }) => person === action.by);
      for (const { code } of model.windows.filter(({ person }) => person === action.by).slice(-2)) {
        if (letter !== undefined) await page.confirm(letter.link, code, action.replace);
      }
      return;
    }
    case "poll":
      for (const { person, ticket } of model.windows.filter(({ person }) => person === action.by)) {
        const polled = await window.poll(ticket);
        if (polled?.state === "confirmed") learn(model, person, polled.password);
      }
      return;
    case "add":
      return void (await office.add({ account: DOMAIN, owner: action.to }, OPERATOR));
    case "add-account": {
      // The operator gives its secret to the owner of the domain it was set up under.
      const added = await office.add({ account: ACCOUNT }, OPERATOR);
      if (!added.ok) return;
      model.operators = added.value.domain.under === undefined;
      const domain = await services.domains.find(DOMAIN);
      if (domain?.owner === undefined || domain.heldSince !== added.value.domain.under) return;
      return void learn(model, domain.owner, added.value.secret);
    }
    case "delete-account":
      if ((await office.remove(ACCOUNT, OPERATOR)).ok) model.operators = false;
      return;
    case "hand-over": {
      const owner = (await services.domains.find(DOMAIN))?.owner;
      const given = owner !== undefined && (await office.transfer(ACCOUNT, owner, OPERATOR));
      if (given !== false && given.ok) model.operators = given.value.under === undefined;
      return;
    }
    case "unpublish":
      return services.txt.clear();
    case "transfer":
      return void (await office.transfer(DOMAIN, action.to, OPERATOR));
    case "rekey":
      return void (await office.replace(DOMAIN, OPERATOR));
    case "suspend":
    case "resume":
    case "disconnect":
    case "resend":
      return void (await office[action.verb](DOMAIN, OPERATOR));
    case "delete":
      return void (await office.remove(DOMAIN, OPERATOR));
    case "grant":
    case "deny":
      return void (await office.decide(DOMAIN, action.verb, OPERATOR));
    case "object-for":
      return void (await office.object(DOMAIN, OPERATOR));
    case "end-old-for":
      return void (await office.endOld(DOMAIN, OPERATOR));
    case "login": {
      for (const key of [DOMAIN, ACCOUNT]) {
        const [domain, own] = [await services.domains.find(DOMAIN), await services.domains.find(key)];
        const secrets = (own ?? domain)?.secrets;
        const secretId = (action.old ? (secrets?.earlier ?? secrets?.previous) : secrets?.current)?.id;
        if (secretId === undefined || domain?.state === "suspended" || own?.state === "suspended") continue;
        if (!counts((own ?? domain)?.secrets ?? { current: { id: "", issuedAt: 0 } }, secretId, clock.now())) continue;
        await services.time.loggedIn(own === undefined ? DOMAIN : key, secretId);
        model.used.add(secretId);
        const login = { ...accountKey(key), secretId, at: clock.now() };
        const connectionId = `${key} ${model.checked} ${services.sockets.open.size} ${clock.now()}`;
        services.sockets.open.set(connectionId, { connectionId, connectedAt: clock.now(), source: "192.0.2.1", login });
      }
      return;
    }
    case "scan":
      // People follow the newest ones.
      for (const { link } of model.letters.slice(-5)) await page.read(link);
      for (const { link = "" } of services.notices.slice(-5)) await services.visit.find(link);
      return;
    case "tidy":
      return services.time.tidy();
    case "mail":
      return work(model, services);
    case "live":
      for (let day = 0; day < action.days; day += 1) {
        clock.advance(DAY);
        await services.time.tidy();
        if (action.post) await services.work();
      }
      return;
    case "wait":
      return clock.advance(action.ms);
  }
}

/** Emails are sent and arrive: each one stored with a change once, only to its reader. */
async function work(model: Model, services: OwnershipServices): Promise<void> {
  const { mailed, noticed } = model;
  const [before, untold, domain] = [
    services.mails.length,
    services.notices.length,
    await services.domains.find(DOMAIN),
  ];
  await services.work();
  for (const [index, { to, link }] of services.mails.entries()) {
    if (index < mailed) continue;
    const may =
      domain === undefined ? !model.operators : domain.owner === to || (isProvisional(domain) && to === INSIDE);
    if (index >= before) expect(may, `a registration's email to ${to}`).toBe(true);
    model.letters.push({ person: to, link });
  }
  [model.mailed, model.noticed] = [services.mails.length, services.notices.length];
  for (const change of services.changes.slice(model.told))
    for (const [id, { to }] of named(change)) model.owed.set(id, to);
  model.told = services.changes.length;
  for (const [index, { id, to, kind, link }] of services.notices.entries()) {
    if (index < noticed) continue;
    const leads = link === undefined ? undefined : await services.visit.find(link);
    // One that left before may have been used or expired.
    if (leads !== undefined || (link !== undefined && index >= untold))
      expect(leads?.visitor).toMatchObject({ account: DOMAIN, emailKey: to });
    if (kind === "access") continue; // visitorOf requests and follows these links itself.
    expect(to, `mail ${id}`).toBe(model.owed.get(id));
    model.owed.delete(id);
  }
  expect([...model.owed.keys()], "emails that did not leave").toEqual([]);
}

/** The reader of each kind of email, by the domain before and after the change. */
const READERS: Readonly<Record<Exclude<NoticeKind, "access">, (change: Change) => readonly (string | undefined)[]>> = {
  joined: ({ after }) => [after?.owner],
  replaced: ({ after }) => [after?.owner],
  "old-secret-ended": ({ after }) => [after?.owner],
  "address-asked": ({ after }) => [after?.move?.to],
  "address-changed": ({ before }) => [before?.owner],
  "address-taken": ({ after }) => [after?.owner],
  released: ({ before }) => [before?.owner],
  added: ({ after }) => [after?.owner],
  deleted: ({ before }) => [before?.owner],
  suspended: ({ after }) => [after?.owner],
  resumed: ({ after }) => [after?.owner],
  disconnected: ({ after }) => [after?.owner],
  proven: ({ after }) => [after?.owner],
  taken: ({ before }) => [before?.owner],
  claimed: ({ before }) => [before?.owner],
  "claim-made": ({ after }) => [after?.claim?.claimant],
  objected: ({ after }) => [after?.owner],
  "claim-objected": ({ after }) => [after?.claim?.claimant],
  "claim-granted": ({ before, after }) => [before?.claim?.claimant === after?.owner ? after?.owner : undefined],
  "claim-lost": ({ before }) => [before?.owner],
  "claim-denied": ({ before }) => [before?.claim?.claimant],
  "claim-fended": ({ before }) => [before?.owner],
  "claim-lapsed": ({ after }) => [after?.owner],
  "claim-ended": ({ before }) => [before?.claim?.claimant],
  "transferred-away": ({ before }) => [before?.owner],
  "transferred-to": ({ after }) => [after?.owner],
  expiring: ({ after }) => [after?.owner],
  expired: ({ before }) => [before?.owner],
};

const isRightReader = (change: Change) => (notice: Notice) =>
  notice.kind !== "access" && READERS[notice.kind](change).includes(notice.to);

/** Checks every change since the last check, and what must never happen. */
async function check(model: Model, services: OwnershipServices): Promise<void> {
  for (const change of services.changes.slice(model.checked)) {
    checkChange(model, change);
    if (change.account === DOMAIN) noteReplaced(model, change);
    if (change.action === "expired")
      expect(isAnnounced(services, change), "an end that was not announced a week before").toBe(true);
  }
  model.checked = services.changes.length;
  const [domain, secrets] = await Promise.all([services.domains.find(DOMAIN), services.secrets.find(DOMAIN)]);
  await checkAccount(model, services);
  await checkSockets(services);
  expect(domain?.proof === "address" && domain.owner !== INSIDE, "a proof by an address without a right").toBe(false);
  checkOlder(model, secrets, services.clock.now());
  expect(secrets === undefined, "secrets without a domain, or a domain without").toBe(domain === undefined);
  if (domain === undefined || secrets === undefined) return;
  expect(secrets.current.id).toBe(domain.secrets.current.id);
  expect(olderOf(secrets).map(({ id }) => id)).toEqual(olderOf(domain.secrets).map(({ id }) => id));

  const owners = [];
  for (const person of PEOPLE) {
    const seen = await services.owners.view({ account: DOMAIN, emailKey: person });
    if (seen.role !== "owner") continue;
    owners.push(person);
    const shown = [
      ...seen.accounts.map(({ account }) => account),
      ...seen.connections.map(({ login }) => login.account),
    ];
    if (model.operators) expect(shown, "the operator's account, seen by an owner").not.toContain(ACCOUNT);
  }
  expect(owners).toEqual(domain.owner === undefined ? [] : [domain.owner]);

  const { current } = secrets;
  const valid = [current, ...olderOf(secrets).filter(({ validUntil }) => validUntil > services.clock.now())];
  for (const { secret } of valid) expectKnownTo(model, secret, domain.owner);
}

/** The secrets to keep after the owner's replacements and anything that ended older secrets. */
function noteReplaced(model: Model, { action, before, at }: Change): void {
  const id = before?.secrets.current.id;
  if (action === "replaced" && id !== undefined) model.replaced = [{ id, at }, ...model.replaced];
  else if (ENDS_OLDER.has(action)) model.replaced = [];
}

const ENDS_OLDER: ReadonlySet<string> = new Set([
  ...["taken", "old-secret-ended", "rekeyed", "transferred", "claim-granted", "released", "deleted", "expired"],
]);

/** Seven days from its own replacement, at most two; what a PBX has used stays, unless two later ones were used too. */
function checkOlder({ replaced, used, usedBefore }: Model, secrets: AccountSecrets | undefined, now: number): void {
  const kept = secrets === undefined ? [] : olderOf(secrets).filter(({ validUntil }) => validUntil > now);
  for (const { id, validUntil } of kept)
    expect(validUntil, "the end of a replaced secret").toBe(
      (replaced.find((each) => each.id === id)?.at ?? 0) + 7 * DAY,
    );
  const wanted = replaced.filter(({ id, at }, index) => {
    const later = replaced.slice(0, index).filter((each) => used.has(each.id));
    return usedBefore.has(id) && at + 7 * DAY > now && later.length < 2;
  });
  const ids = kept.map(({ id }) => id);
  for (const { id } of wanted) expect(ids, "replaced secrets that count, with one that PBXes use").toContain(id);
}

function expectKnownTo({ seen, excused }: Model, secret: string, owner: string | undefined): void {
  for (const person of seen.get(secret) ?? [])
    if (person !== owner && !excused.get(secret)?.has(person))
      expect.fail(`a secret that counts is known to ${person}, who does not own the domain`);
}

/** The secret of an account under the domain also belongs to the owner. */
async function checkAccount(model: Model, services: OwnershipServices): Promise<void> {
  const [account, secrets] = [await services.domains.find(ACCOUNT), await services.secrets.find(ACCOUNT)];
  expect(secrets?.current.id).toBe(account?.secrets.current.id);
  if (model.operators) expect(account, "the operator's account").toBeDefined();
  if (secrets !== undefined) expectKnownTo(model, secrets.current.secret, (await services.domains.find(DOMAIN))?.owner);
}

/** A PBX that can no longer log in is not connected. API Gateway ends every socket after two hours. */
async function checkSockets({ sockets: { open }, clock, domains }: OwnershipServices): Promise<void> {
  const found = new Map((await domains.findAll([DOMAIN, ACCOUNT])).map((row) => [row.account, row]));
  for (const [id, { connectedAt, login }] of [...open]) {
    if (connectedAt + 2 * HOUR <= clock.now() || login === undefined) {
      open.delete(id);
      continue;
    }
    const holder = found.get(login.account) ?? found.get(DOMAIN);
    const suspended = [found.get(login.account), found.get(DOMAIN)].some((row) => row?.state === "suspended");
    const ids = holder === undefined ? [] : [holder.secrets.current, ...olderOf(holder.secrets)].map((each) => each.id);
    if (suspended || !ids.includes(login.secretId)) expect.fail(`${login.account} is still connected`);
  }
}

/** Whether its owner got an email about this end a week before, with no change to the domain since. */
const isAnnounced = ({ notices }: OwnershipServices, { account: key, at, before }: Change): boolean =>
  notices.some(
    ({ kind, account, to, leftAt, at: told }) =>
      kind === "expiring" &&
      account === key &&
      to === before?.owner &&
      told === before.changedAt &&
      leftAt + 7 * DAY <= at,
  );

function checkChange(model: Model, change: Change): void {
  const { before, after, action } = change;
  const wrong = change.notices.find((notice) => !isRightReader(change)(notice));
  if (wrong !== undefined) expect.fail(`an email to a wrong address: ${JSON.stringify(wrong)}`);
  const lost = before?.owner !== undefined && before.owner !== after?.owner;
  if (lost)
    expect(
      change.notices.map(({ to }) => to),
      `${action} without notifying the owner`,
    ).toContain(before.owner);
  if (before?.owner === undefined || after?.owner === undefined || before.owner === after.owner) return;
  // An owner loses a domain only by their own step, an operator's, or a better right to the name.
  if (action === "moved") {
    for (const [secret, people] of model.seen)
      model.excused.set(secret, new Set([...(model.excused.get(secret) ?? []), ...people]));
  } else if (action === "taken") {
    expect(isProvisional(before)).toBe(true);
    expect(after.proof === "dns" ? [INSIDE, DNS] : [INSIDE]).toContain(after.owner);
  } else if (action === "claim-granted") {
    expect([INSIDE, DNS]).toContain(after.owner);
    const { objectUntil = Number.POSITIVE_INFINITY, objectedAt } = before.claim ?? {};
    expect(objectedAt !== undefined || objectUntil <= change.at).toBe(true);
  } else expect(action).toBe("transferred");
}

/** No one is locked out permanently: the one who controls DNS becomes the owner, at the latest with an operator's help. */
async function reach(model: Model, services: OwnershipServices): Promise<void> {
  for (let step = 0; step < 6; step += 1) {
    await work(model, services);
    await check(model, services);
    const domain = await services.domains.find(DOMAIN);
    const visitor = await visitorOf(model, services, DNS);
    if (visitor === undefined) throw new Error("no link came");
    const { role } = await services.owners.view(visitor);
    if (domain?.owner === DNS && domain.state === "active") return;
    if (domain?.state === "suspended") await act(model, services, { verb: "resume" });
    else if (domain === undefined && !model.operators) {
      await act(model, services, { verb: "register", by: DNS, as: DNS });
      await work(model, services);
      await act(model, services, { verb: "confirm", by: DNS, replace: false });
    } else if (role === "successor") await act(model, services, { verb: "follow", by: DNS, lain: false, to: DNS });
    else if (role === "claimant") {
      services.clock.advance(7 * DAY);
      await services.publish(visitor);
      await act(model, services, { verb: "grant" });
    } else {
      // Someone else's claim lapses if no operator decides it.
      if (domain?.claim !== undefined) services.clock.advance(30 * DAY);
      await act(model, services, { verb: "prove", by: DNS, lain: false, to: DNS });
    }
  }
  throw new Error(`locked: ${JSON.stringify(await services.domains.find(DOMAIN))}`);
}

class Step implements fc.AsyncCommand<Model, OwnershipServices> {
  readonly actions: readonly Action[];

  /** Actions at the same time, none of which skips a day while an email is leased. */
  constructor(actions: readonly Action[]) {
    this.actions =
      actions.length === 1 ? actions : actions.map((each) => (each.verb === "live" ? { ...each, post: false } : each));
  }

  check(): boolean {
    return true;
  }

  async run(model: Model, services: OwnershipServices): Promise<void> {
    const [first, operators] = [services.changes.length, model.operators];
    const free = (await services.domains.find(DOMAIN)) === undefined;
    await Promise.all(this.actions.map((action) => act(model, services, action)));
    const taken = services.changes.slice(first).some(({ action }) => action === "registered");
    if (free && operators && model.operators) expect(taken, "the operator's name, registered").toBe(false);
    await work(model, services);
    // Whoever was shown a secret reads it now, before anything else happens to the domain.
    await check(model, services);
    for (const id of model.used) model.usedBefore.add(id);
  }

  toString(): string {
    return JSON.stringify(this.actions);
  }
}

const person = fc.constantFrom(...PEOPLE);
const byOne = (...verbs: readonly OnPage[]) =>
  fc.record({ verb: fc.constantFrom(...verbs), by: person, lain: fc.constant(false), to: person });
const action = fc.oneof(
  { weight: 4, arbitrary: person.map((by): Action => ({ verb: "register", by, as: by })) },
  { weight: 1, arbitrary: fc.record({ verb: fc.constant("register" as const), by: person, as: person }) },
  { weight: 5, arbitrary: fc.record({ verb: fc.constant("confirm" as const), by: person, replace: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ verb: fc.constant("poll" as const), by: person }) },
  { weight: 8, arbitrary: byOne("replace", "end-old", "cancel", "follow", "release", "object", "prove") },
  { weight: 3, arbitrary: byOne("prove", "follow") },
  {
    weight: 3,
    arbitrary: byOne("replace").chain((asked) => fc.constantFrom(1, 2).map((lost) => ({ ...asked, lost }))),
  },
  { weight: 5, arbitrary: byOne("move") },
  { weight: 8, arbitrary: byOne(...ON_PAGE).map((asked) => ({ ...asked, lain: true })) },
  { weight: 1, arbitrary: fc.record({ verb: fc.constantFrom("add" as const, "transfer" as const), to: person }) },
  {
    weight: 4,
    arbitrary: fc.record({
      verb: fc.constantFrom(
        ...([
          "rekey",
          "suspend",
          "resume",
          "delete",
          "disconnect",
          "grant",
          "deny",
          "object-for",
          "end-old-for",
          "resend",
          "add-account",
          "delete-account",
          "hand-over",
          "unpublish",
        ] as const),
      ),
    }),
  },
  { weight: 2, arbitrary: fc.record({ verb: fc.constant("login" as const), old: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ verb: fc.constantFrom(...(["scan", "tidy"] as const)) }) },
  {
    weight: 3,
    arbitrary: fc
      .constantFrom(60_000, 3_600_000, DAY, 7 * DAY, 23 * DAY, 30 * DAY)
      .map((ms): Action => ({ verb: "wait", ms })),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      verb: fc.constant("live" as const),
      days: fc.constantFrom(1, 7, 31),
      post: fc.constantFrom(true, true, false),
    }),
  },
) as fc.Arbitrary<Action>;
const steps = [
  fc.tuple(action).map((actions) => new Step(actions)),
  fc.array(action, { minLength: 2, maxLength: 4 }).map((actions) => new Step(actions)),
];

describe("ownership", () => {
  it("never has two owners, a leaked secret, an email to a wrong address or a permanently locked domain", async () => {
    const happened = new Map<string, number>();
    const byScope = new Set<string>();
    await fc.assert(
      fc.asyncProperty(fc.commands(steps, { maxCommands: 60, size: "max" }), async (commands) => {
        const services = ownershipServices();
        const fresh = {
          seen: new Map(),
          excused: new Map(),
          sessions: new Map(),
          scopedLinks: new Map(),
          owed: new Map(),
          byScope,
          used: new Set<string>(),
          usedBefore: new Set<string>(),
        };
        const none = { checked: 0, told: 0, mailed: 0, noticed: 0, replaced: [], operators: false };
        const model: Model = { ...fresh, ...none, windows: [], letters: [] };
        await fc.asyncModelRun(() => ({ model, real: services }), commands);
        await reach(model, services);
        for (const { action: name } of services.changes) happened.set(name, (happened.get(name) ?? 0) + 1);
      }),
      { seed: Number(process.env["SEED"] ?? 20261123), numRuns: 800 },
    );
    // Runs that never reach these steps would prove nothing.
    const everything: readonly Change["action"][] = [
      ...([
        "registered",
        "joined",
        "taken",
        "proven",
        "replaced",
        "old-secret-ended",
        "move-asked",
        "move-cancelled",
      ] as const),
      ...(["moved", "released", "claimed", "objected", "claim-granted", "claim-denied", "claim-lapsed"] as const),
      ...([
        "expiry-announced",
        "expired",
        "added",
        "rekeyed",
        "suspended",
        "resumed",
        "disconnected",
        "transferred",
        "deleted",
        "account-ended",
      ] as const),
    ];
    expect([...happened.keys()].sort()).toEqual([...everything].sort());
    expect([...byScope].sort()).toEqual(
      ["object", "follow"].flatMap((scoped) => ON_PAGE.map((verb) => `${verb} by a link to ${scoped}`)).sort(),
    );
  });
});
