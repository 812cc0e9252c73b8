import { readableName } from "../../core/domains/lists.ts";
import { isAccepted, type PostsView, type RecentPost } from "../../core/domains/recent-posts.ts";
import { outcomeOf } from "../domains/posts.tsx";
import { readableTime } from "../shared/page.tsx";
import { shownText } from "../shared/shown-text.ts";
import { fill } from "../texts/texts.ts";
import type { Viewer } from "./console.ts";

/** How many are visible; the others unfold. */
const SHOWN = 5;

interface PostsProps {
  /** Undefined: none is kept. */
  readonly posts: PostsView | undefined;
  readonly viewer: Viewer;
}

/** What a domain's PBXes sent recently, and what became of it; it may lag by minutes, so it shows its time. */
export function Posts({ posts: kept, viewer }: PostsProps) {
  const { c, reader } = viewer;
  const d = c.domain;
  return (
    <section>
      <h2>{d.posts}</h2>
      {kept === undefined ? (
        <p>{d.noPosts}</p>
      ) : (
        <>
          <p>
            {fill(d.postsAsOf, { when: readableTime(kept.writtenAt, reader.t.locale) })}
            {kept.day && ` ${fill(d.postsDay, kept.day)}`}
          </p>
          <List posts={kept.posts.slice(0, SHOWN)} viewer={viewer} />
          {kept.posts.length > SHOWN && (
            <details>
              <summary>{fill(d.postsMore, { count: kept.posts.length - SHOWN })}</summary>
              <List posts={kept.posts.slice(SHOWN)} viewer={viewer} />
            </details>
          )}
        </>
      )}
    </section>
  );
}

function List({ posts, viewer }: { readonly posts: readonly RecentPost[]; readonly viewer: Viewer }) {
  return (
    <ol class="history-list">
      {posts.map((post) => (
        <Post post={post} viewer={viewer} />
      ))}
    </ol>
  );
}

function Post({ post, viewer: { c, reader } }: { readonly post: RecentPost; readonly viewer: Viewer }) {
  const { at, account, app, kind, outcome, ms } = post;
  const { text, named } = outcomeOf(post, reader.t);
  const name = named || isAccepted(post) ? undefined : outcome;
  const details = [name, app, kind && c.actions.types[kind], readableName(account), `${ms}\u00a0ms`].filter(
    (each) => each !== undefined,
  );
  return (
    <li>
      <span class="hint">{readableTime(at, reader.t.locale)}</span>
      <div>
        <strong>{text}</strong> ({details.map(shownText).join(", ")})
      </div>
    </li>
  );
}
