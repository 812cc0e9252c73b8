import type { StageConfig } from "../../lib/config.ts";
import type { Reading, Sender } from "./account.ts";
import type { Row } from "./row.ts";

/**
 * Whether the stage's `mail.identity` can be deployed and used: CloudFormation cannot create one that SES already has.
 */
export function senderRow({ name, region, mail: { identity, existing } }: StageConfig, sender: Reading<Sender>): Row {
  const common = { what: `SES: identity ${identity}`, need: existing ? "verified" : "the stage's own" };
  if ("unknown" in sender)
    return { ...common, have: "unknown", verdict: "unknown", todo: `${sender.unknown}; see the SES identities` };
  const { inSes, inStack } = sender.value;
  const below = (have: string, todo: string): Row => ({ ...common, have, verdict: "below", todo });
  const ok = (have: string): Row => ({ ...common, have, verdict: "ok", todo: "" });
  const cli = (command: string) => `aws sesv2 ${command} --region ${region} --email-identity ${identity}`;
  const verify = identity.includes("@") ? "follow the link in the email that AWS sent to it" : "enter its DKIM records";

  if (existing) {
    if (inSes === "missing")
      return below(
        "none",
        `mail.existing says that it exists: ${cli("create-email-identity")} and verify it, or leave mail.existing out`,
      );
    if (inStack === "goes")
      return below(
        "would be deleted",
        `push-${name}-mail would delete it: deploy once without mail.existing, so that it stays, then with it`,
      );
    return inSes === "verified" ? ok("verified") : below("unverified", `${verify}: ${cli("get-email-identity")}`);
  }
  if (inStack === "no" && inSes !== "missing") {
    const adopt = `to take it over from a stage that has given it up: npm run deploy -- ${name} -- --import-existing-resources`;
    return below(
      "exists already",
      `the deployment would fail: set mail.existing: true (another stage's, or verified before); ${adopt}`,
    );
  }
  if (inSes === "missing")
    return inStack === "no"
      ? ok("none yet")
      : below("deleted outside", `push-${name}-mail made it and SES has lost it: ${cli("create-email-identity")}`);
  return inSes === "verified"
    ? ok("verified")
    : below("unverified", `${verify}: docs/operate/deploying.md, First deployment, 5`);
}
