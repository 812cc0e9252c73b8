import { Copyable } from "../shared/copyable.tsx";
import { Field } from "../shared/field.tsx";
import { to } from "../shared/reader.ts";
import { fill } from "../texts/texts.ts";
import { addressOf, type Viewer } from "./console.ts";
import { consolePage, Step } from "./frame.tsx";

/** What was typed, and what is wrong with it. */
export interface AddView {
  readonly values?: Readonly<Partial<Record<"account" | "owner", string>>>;
  readonly errors?: Readonly<Partial<Record<"account" | "owner" | "secret", string | undefined>>>;
}

export function addPage({ values = {}, errors = {} }: AddView, viewer: Viewer): string {
  const a = viewer.c.add;
  return consolePage(
    viewer,
    "domains",
    a.title,
    <>
      <h1>{a.title}</h1>
      <p class="lead">{a.lead}</p>
      <Step viewer={viewer} path="/add" button={a.submit}>
        <Field
          kind="free"
          name="account"
          label={a.account}
          hint={a.accountHint}
          value={values.account}
          error={errors.account}
        />
        <Field
          kind="free"
          name="owner"
          label={a.owner}
          hint={a.ownerHint}
          value={values.owner}
          error={errors.owner}
          optional
        />
        <Field kind="free" name="secret" label={a.secret} hint={a.secretHint} error={errors.secret} optional />
      </Step>
    </>,
  );
}

interface NewPassword {
  readonly account: string;
  /** What has been done. */
  readonly title: string;
  readonly url: string;
  readonly password: string;
  /** About a chosen password. */
  readonly warning?: string | undefined;
}

/** Shows the new password, only this once. */
export function newPasswordPage(made: NewPassword, viewer: Viewer): string {
  const { account, title, url, password, warning } = made;
  const { c, reader } = viewer;
  const { t } = reader;
  const heading = fill(title, { account });
  return consolePage(
    viewer,
    "domains",
    heading,
    <>
      <h1>{heading}</h1>
      <p class="lead">{c.secret.lead}</p>
      <Copyable id="url" label={t.connect.url} value={url} t={t} />
      <Copyable id="password" label={t.connect.password} value={password} t={t} />
      <p class="note warning">{c.secret.once}</p>
      {warning !== undefined && <p class="note warning">{warning}</p>}
      <p>
        <a href={to(reader, addressOf("/domain", { account }))}>{c.secret.back}</a>
      </p>
    </>,
  );
}
