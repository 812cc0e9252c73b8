import type { ComponentChildren } from "preact";

interface SentenceProps {
  readonly text: string;
  /** Name of the placeholder in braces; if the text lacks it, the children follow the text. */
  readonly name: string;
  readonly children: ComponentChildren;
}

/** A sentence with elements in place of `{name}`. */
export function Sentence({ text, name, children }: SentenceProps) {
  const [before = "", after = ""] = text.split(`{${name}}`);
  return (
    <>
      {before}
      {children}
      {after}
    </>
  );
}
