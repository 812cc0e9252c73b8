import { expect, it } from "vitest";
import { CONSOLE_SESSION_LIFE_MS, SIGN_IN_LIFE_MS } from "../../lambdas/core/admin/console-session.ts";
import { TXT_LIFE_MS } from "../../lambdas/core/domains/proof/txt-proof.ts";
import { CLAIM_LIFE_MS, MOVE_LIFE_MS, OBJECTION_LIFE_MS } from "../../lambdas/core/domains/ownership.ts";
import { LINK_LIFE_MS, LINK_SCOPE } from "../../lambdas/core/domains/notice.ts";
import { OLD_SECRET_LIFE_MS } from "../../lambdas/core/domains/secrets.ts";
import { KNOWN_NETWORK_MS } from "../../lambdas/core/mail/known-network.ts";
import { suppressedUntil } from "../../lambdas/core/mail/suppression.ts";
import { TRUSTED_MS } from "../../lambdas/core/pbx/flood.ts";
import { CHALLENGE_LIFE_MS } from "../../lambdas/core/pbx/login.ts";
import { DEVICE_LIFE_MS, STRIKE_WINDOW_MS } from "../../lambdas/core/push/device.ts";
import { HANDOVER_LIFE_MS, REGISTRATION_LIFE_MS, WATCH_LIFE_MS } from "../../lambdas/core/registration/registration.ts";
import { WEB_SESSION_LIFE_MS } from "../../lambdas/core/web/web-session.ts";

const [SECOND, MINUTE, HOUR, DAY] = [1_000, 60_000, 3_600_000, 86_400_000] as const;

/** Documented lifetimes that use cases and adapters pass on, in ms. */
it.each([
  ["a replaced secret", OLD_SECRET_LIFE_MS, 7 * DAY, "ownership.md"],
  ["the time to object to a claim", OBJECTION_LIFE_MS, 7 * DAY, "ownership.md"],
  ["an undecided claim", CLAIM_LIFE_MS, 30 * DAY, "ownership.md"],
  ["a TXT value", TXT_LIFE_MS, 7 * DAY, "ownership.md"],
  ["a hard bounce", suppressedUntil({ reason: "bounced", at: 0 }), 7 * DAY, "ownership.md"],
  ["a network whose code was entered", KNOWN_NETWORK_MS, 30 * DAY, "ownership.md"],
  ["a challenge", CHALLENGE_LIFE_MS, 60 * SECOND, "protocol.md"],
  ["a registration", REGISTRATION_LIFE_MS, 30 * MINUTE, "protocol.md"],
  ["the hand-over of a secret", HANDOVER_LIFE_MS, 15 * MINUTE, "protocol.md"],
  ["the Connect window's view of the PBX", WATCH_LIFE_MS, HOUR, "pages.md"],
  ["a move to another address", MOVE_LIFE_MS, 24 * HOUR, "pages.md"],
  ["a session of a domain's page", WEB_SESSION_LIFE_MS, 15 * MINUTE, "pages.md"],
  ["a sign-in to the console", SIGN_IN_LIFE_MS, 10 * MINUTE, "operate/console.md"],
  ["a session of the console", CONSOLE_SESSION_LIFE_MS, HOUR, "operate/console.md"],
  ["a phone's row", DEVICE_LIFE_MS, 180 * DAY, "security.md"],
  ["a window of refused messages", STRIKE_WINDOW_MS, HOUR, "sns.md"],
  ["trust in a network that a PBX logged in from", TRUSTED_MS, DAY, "security.md"],
])("%s: %d ms", (_, actual, documented) => expect(actual).toBe(documented));

// docs/pages.md: links in emails. All other emails have none.
it("a link is valid for an hour to a page, seven days to object, 24 hours to confirm", () => {
  expect(LINK_LIFE_MS).toEqual({ access: HOUR, claimed: 7 * DAY, "address-asked": 24 * HOUR });
  expect(LINK_SCOPE).toEqual({ claimed: "object", "address-asked": "confirm" });
});
