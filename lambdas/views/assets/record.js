// @ts-check
/** Looks at the TXT record by itself while its page is open (views/domains/proof/record.tsx), as often as a session may. */

const FIRST = 10_000; // 10 seconds
const BACK_OFF = 1.5;
const LAST = 120_000; // 2 minutes
/** An hour allows 60 for an address (limits.proofsPerAddressPerHour), and the button counts too. */
const MOST = 12;

/** @param {string} id */
const element = (id) => /** @type {HTMLElement} */ (document.getElementById(id));
const form = /** @type {HTMLFormElement} */ (document.querySelector("form[action*='/prove']"));
const auto = element("record-auto");

let pause = FIRST;
let looks = 0;

async function look() {
  // Nobody reads a page that is hidden; it looks when it is shown again.
  if (document.visibilityState === "hidden") return document.addEventListener("visibilitychange", look, { once: true });
  looks += 1;
  const body = new URLSearchParams({ form: form.querySelector("input")?.value ?? "" });
  const options = {
    method: "POST",
    body,
    redirect: /** @type {const} */ ("manual"),
    signal: AbortSignal.timeout(15_000),
  };
  try {
    const response = await fetch(form.action.replace("/prove", "/look"), options);
    // Used up, or the session is over: another look would say the same.
    if (response.type === "opaqueredirect" || (response.status >= 400 && response.status < 500)) return stop();
    if (response.ok && show(await response.text())) return (auto.hidden = true);
  } catch {
    // No connection right now: the next look may have one.
  }
  if (looks >= MOST) return stop();
  setTimeout(look, pause);
  pause = Math.min(LAST, pause * BACK_OFF);
}

/** Shows what has changed, so that nothing is read aloud twice; whether the record is there. @param {string} html */
function show(html) {
  const fresh = new DOMParser().parseFromString(html, "text/html");
  for (const id of ["record-seen", "record-at"]) {
    const next = fresh.getElementById(id);
    const present = element(id);
    if (next && next.innerHTML !== present.innerHTML) present.replaceChildren(...next.childNodes);
  }
  return fresh.querySelector("[data-found]") !== null;
}

function stop() {
  auto.textContent = auto.dataset.stopped ?? "";
}

auto.hidden = false;
look();
