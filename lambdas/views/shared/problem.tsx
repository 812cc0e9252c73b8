import { page } from "./page.tsx";
import { to, type Reader } from "./reader.ts";

/** An error page; `message` is ours, never what someone typed. */
export function problemPage(message: string, reader: Reader): string {
  const { t } = reader;
  return page(
    reader,
    t.problem.title,
    <>
      <h1>{t.problem.title}</h1>
      <p>{message}</p>
      <p>
        <a href={to(reader, "/push/connect")}>{t.problem.home}</a>
      </p>
    </>,
  );
}
