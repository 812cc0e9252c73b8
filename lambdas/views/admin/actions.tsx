import { claimOf } from "../../core/domains/ownership.ts";
import type { ComponentChildren } from "preact";
import type { Domain } from "../../core/domains/domain.ts";
import { mayAct } from "../../core/admin/person.ts";
import { Field } from "../shared/field.tsx";
import { fill } from "../texts/texts.ts";
import type { Viewer } from "./console.ts";
import { Step } from "./frame.tsx";

interface ActionsProps {
  readonly domain: Domain;
  readonly viewer: Viewer;
}

/** Everything that this person may do to this domain as it is. */
export function Actions({ domain, viewer }: ActionsProps) {
  const { c, now } = viewer;
  const a = c.actions;
  const { account, secrets } = domain;
  const claim = claimOf(domain, now);
  const part = { domain, viewer };
  const { previous } = secrets;
  return (
    <section>
      <h2>{a.title}</h2>
      {mayAct(viewer.role, "operator") && (
        <>
          {claim && (
            <>
              <Action
                {...part}
                verb="decide"
                title={a.grant}
                text={a.grantText}
                fields={{ decision: "grant" }}
                danger
              />
              <Action {...part} verb="decide" title={a.deny} text={a.denyText} fields={{ decision: "deny" }} danger />
              {claim.objectedAt === undefined && (
                <Action {...part} verb="object" title={a.object} text={a.objectText} />
              )}
            </>
          )}
          {domain.state === "active" ? (
            <Action {...part} verb="suspend" title={a.suspend} text={a.suspendText} danger />
          ) : (
            <Action {...part} verb="resume" title={a.resume} text={a.resumeText} />
          )}
          <Action {...part} verb="disconnect" title={a.disconnect} text={a.disconnectText} danger />
          <Action {...part} verb="replace" title={a.replace} text={a.replaceText} danger />
          {previous && previous.validUntil > now && (
            <Action {...part} verb="end-old" title={a.endOld} text={a.endOldText} danger />
          )}
          <Action {...part} verb="transfer" title={a.transfer} text={a.transferText} danger>
            <Field kind="free" id="transfer-to" name="to" label={a.transferTo} />
          </Action>
        </>
      )}
      <Action {...part} verb="resend" title={a.resend} text={a.resendText} />
      <Action {...part} verb="test" title={a.test} text={a.testText}>
        <Field kind="free" id="test-token" name="token" label={a.token} />
        <div class="field">
          <label for="test-type">{a.type}</label>
          <select id="test-type" name="type">
            {Object.entries(a.types).map(([value, text]) => (
              <option value={value}>{text}</option>
            ))}
          </select>
        </div>
      </Action>
      {mayAct(viewer.role, "operator") && (
        <Action {...part} verb="delete" title={a.delete} text={a.deleteText} danger>
          <Field kind="free" id="delete-name" name="typed" label={fill(a.deleteField, { account })} />
        </Action>
      )}
    </section>
  );
}

interface ActionProps extends ActionsProps {
  readonly verb: string;
  readonly title: string;
  /** What it does, above the button. */
  readonly text: string;
  readonly fields?: Readonly<Record<string, string>>;
  readonly danger?: boolean;
  readonly children?: ComponentChildren;
}

function Action({ domain: { account }, viewer, verb, title, text, fields, danger = false, children }: ActionProps) {
  return (
    <details class="action">
      <summary>{title}</summary>
      <p>{text}</p>
      <Step
        viewer={viewer}
        path={`/domain/${verb}`}
        fields={{ account, ...fields }}
        button={title}
        look={danger ? "danger" : "quiet"}
      >
        {children}
      </Step>
    </details>
  );
}
