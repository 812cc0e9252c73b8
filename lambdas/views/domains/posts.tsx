import { isAccepted, phonesIn, type PostsView, type RecentPost } from "../../core/domains/recent-posts.ts";
import { readableName } from "../../core/domains/lists.ts";
import { readableTime } from "../shared/page.tsx";
import type { Reader } from "../shared/reader.ts";
import { shownText } from "../shared/shown-text.ts";
import { fill, type Texts } from "../texts/texts.ts";
import { Act, type PageSession } from "./frame.tsx";
import type { OwnerView } from "../../core/domains/visitor.ts";

/** What became of a post, in words; `named`: they contain its name, as there are no words for it. */
export function outcomeOf({ outcome }: RecentPost, { connect: { outcomes } }: Texts) {
  const known: Readonly<Record<string, string>> = outcomes;
  const text = Object.hasOwn(outcomes, outcome) && outcome !== "other" ? known[outcome] : undefined;
  return { text: text ?? fill(outcomes.other, { outcome: shownText(outcome) }), named: text === undefined };
}

interface PostsProps {
  readonly seen: Pick<OwnerView, "posts" | "state" | "limits">;
  readonly visit: PageSession;
  readonly reader: Reader;
}

/** Whether pushes arrive: the last ones with what became of each, and how old this view is. */
export function Posts({ seen, visit, reader }: PostsProps) {
  const { posts } = seen;
  const p = reader.t.owner.posts;
  return (
    <section>
      <h2>{p.title}</h2>
      {posts === "off" ? (
        <p>{p.off}</p>
      ) : posts === "none" ? (
        <p>{p.none}</p>
      ) : (
        <>
          <Kept kept={posts} now={visit.now} reader={reader} />
          {seen.state === "active" && (
            <TestPush posts={posts.posts} most={seen.limits.testPushesPerDomainPerHour} visit={visit} reader={reader} />
          )}
        </>
      )}
    </section>
  );
}

function Kept({ kept: { posts, day, writtenAt }, now, reader }: { kept: PostsView; now: number; reader: Reader }) {
  const { t } = reader;
  const p = t.owner.posts;
  return (
    <>
      {day && <p>{fill(p.day, day)}</p>}
      {posts.length === 0 ? (
        <p>{p.empty}</p>
      ) : (
        <ul class="cards posts">
          {posts.map((post) => (
            <Post post={post} reader={reader} />
          ))}
        </ul>
      )}
      <p class="hint">
        {fill(p.asOf, { when: readableTime(writtenAt, t.locale), age: age(now - writtenAt, t) })} {p.delay}
      </p>
    </>
  );
}

function Post({ post, reader: { t } }: { readonly post: RecentPost; readonly reader: Reader }) {
  const p = t.owner.posts;
  const { at, account, app, kind, ms } = post;
  const about = [kind && p.kinds[kind], app && shownText(app), shownText(readableName(account)), `${ms} ms`];
  return (
    <li>
      <strong class={isAccepted(post) ? undefined : "old"}>{outcomeOf(post, t).text}</strong>
      <br />
      <time datetime={new Date(at).toISOString()}>{readableTime(at, t.locale)}</time>
      <p class="hint">{about.filter((each) => each !== undefined && each !== "").join(" · ")}</p>
    </li>
  );
}

interface TestPushProps {
  readonly posts: readonly RecentPost[];
  readonly most: number;
  readonly visit: PageSession;
  readonly reader: Reader;
}

/** For phones in the list: their tokens are not known here, only the keys of their rows. */
function TestPush({ posts, most, visit, reader }: TestPushProps) {
  const { t } = reader;
  const p = t.owner.posts;
  const phones = phonesIn(posts);
  if (phones.length === 0) return null;
  return (
    <>
      <h3>{p.testTitle}</h3>
      <Act verb="test" visit={visit} reader={reader} button={p.test} quiet>
        <p class="hint above">{fill(p.testText, { most })}</p>
        <div class="field">
          <label for="device">{p.phone}</label>
          <select id="device" name="device">
            {phones.map(({ device, app, at }) => (
              <option value={device}>
                {fill(p.phoneName, { app: shownText(app), when: readableTime(at, t.locale, "medium") })}
              </option>
            ))}
          </select>
        </div>
      </Act>
    </>
  );
}

/** How long ago, in minutes or hours. */
function age(ms: number, { locale }: Texts): string {
  const minutes = Math.max(0, Math.floor(ms / 60_000));
  const format = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  return minutes < 120 ? format.format(-minutes, "minute") : format.format(-Math.floor(minutes / 60), "hour");
}
