import type { ComponentChildren } from "preact";

interface SentenceProps {
  readonly text: string;
  /** Name of the placeholder in braces; without it in the text the children follow the text. */
  readonly name: string;
  readonly children: ComponentChildren;
}

/** A sentence with elements in the place of `{name}`. */
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
