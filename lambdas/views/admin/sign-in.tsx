import { to, type Reader } from "../shared/reader.ts";
import { fill } from "../texts/texts.ts";
import { addressOf, consoleTexts } from "./console.ts";
import { consolePage, openPage } from "./frame.tsx";
import type { ConsoleTexts } from "../texts/console.en.ts";
import type { Viewer } from "./console.ts";

const wordsFor = (reader: Reader) => consoleTexts[reader.t.language].signIn;

function SignInLink({ reader, text }: { readonly reader: Reader; readonly text: string }) {
  return (
    <p>
      <a class="button" href={to(reader, addressOf("/sign-in"))}>
        {text}
      </a>
    </p>
  );
}

/** In place of every page, for everybody who is not signed in. */
export function signInPage(reader: Reader): string {
  const s = wordsFor(reader);
  return openPage(
    reader,
    s.title,
    <>
      <h1>{s.title}</h1>
      <p>{s.text}</p>
      <SignInLink reader={reader} text={s.button} />
    </>,
  );
}

export type SignInFault = keyof ConsoleTexts["signIn"]["errors"];

export function signInFailedPage(error: SignInFault, reader: Reader): string {
  const s = wordsFor(reader);
  return openPage(
    reader,
    s.failedTitle,
    <>
      <h1>{s.failedTitle}</h1>
      <p class="note warning">{s.errors[error]}</p>
      <SignInLink reader={reader} text={s.again} />
    </>,
  );
}

/**
 * Sets the session: the browser came here from another site and goes on from ours, since its cookie is sent only from
 * our own pages.
 */
export function signedInPage(name: string, reader: Reader): string {
  const s = wordsFor(reader);
  const next = to(reader, addressOf(""));
  return openPage(
    reader,
    s.doneTitle,
    <>
      <h1>{s.doneTitle}</h1>
      <p>{fill(s.doneText, { name })}</p>
      <p>
        <a href={next}>{s.continue}</a>
      </p>
    </>,
    next,
  );
}

/** @param there URL that ends the identity provider's own session; the browser goes there automatically */
export function signedOutPage(reader: Reader, there: string | undefined, ended: boolean): string {
  const s = wordsFor(reader);
  return openPage(
    reader,
    s.outTitle,
    <>
      <h1>{s.outTitle}</h1>
      <p>{s.outText}</p>
      {there !== undefined && (
        <p>
          <a href={there}>{s.outThere}</a>
        </p>
      )}
      {there === undefined && ended && <p class="note warning">{s.outUnknown}</p>}
      <SignInLink reader={reader} text={s.again} />
    </>,
    there,
  );
}

/** Why someone who is signed in does not get what they requested. */
export function consoleProblemPage(viewer: Viewer, message: string): string {
  const title = viewer.reader.t.problem.title;
  return consolePage(
    viewer,
    undefined,
    title,
    <>
      <h1>{title}</h1>
      <p class="note warning">{message}</p>
    </>,
  );
}
