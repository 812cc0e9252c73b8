// @ts-check
/** What the Connect window shows after the password: what arrives from the PBX. The page polls; see connect.js. */

/** @typedef {{ at: number, app?: string, outcome: string }} Post */

/** @param {string} id */
export const element = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/** @param {string} name */
const item = (name) => /** @type {HTMLElement} */ (document.querySelector(`[data-tick=${name}]`));

/** @param {string} name @param {boolean} done */
function tick(name, done) {
  const { classList, dataset, parentElement } = item(name);
  const words = /** @type {HTMLElement} */ (parentElement).dataset;
  item(name).hidden = false;
  classList.toggle("done", done);
  dataset.state = (done ? words.done : words.open) ?? "";
}

export function showNothingArrived() {
  tick("registered", true);
  tick("copied", true);
  tick("connected", false);
  tick("accepted", false);
  element("for-an-hour").hidden = false;
  element("hour-over").hidden = true;
}

/** After the hour nothing has failed: what is known stays, and nothing else is said. */
export function showHourOver() {
  element("for-an-hour").hidden = true;
  element("hour-over").hidden = false;
  element("unconnected").hidden = true;
  for (const open of document.querySelectorAll(".ticks li:not(.done)")) /** @type {HTMLElement} */ (open).hidden = true;
}

/** @param {{ connected: boolean, posts?: Post[] }} answer */
export function showArrived({ connected, posts }) {
  const list = element("posts");
  const words = JSON.parse(list.dataset.outcomes ?? "{}");
  element("unwatched").hidden = posts !== undefined;
  element("unconnected").hidden = connected;
  tick("connected", connected);
  tick("accepted", posts?.some(({ outcome }) => outcome === "accepted") ?? false);
  // Not "waiting": this stage keeps no posts, so nobody can tell.
  if (posts === undefined) item("accepted").hidden = true;
  const time = new Intl.DateTimeFormat(document.documentElement.lang, { timeStyle: "medium", hourCycle: "h23" });
  const lines = (posts ?? []).map(({ at, app, outcome }) => {
    const what = words[outcome] ?? words.other.replace("{outcome}", outcome);
    return [time.format(at), app, what].filter(Boolean).join(" · ");
  });
  // Read aloud when it changes, so it changes only with news.
  if (lines.join("\n") === Array.from(list.children, ({ textContent }) => textContent).join("\n")) return;
  list.replaceChildren(
    ...lines.map((text) => {
      const line = document.createElement("li");
      line.textContent = text;
      return line;
    }),
  );
}
