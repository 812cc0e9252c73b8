import type { Texts } from "../texts/texts.ts";

interface CopyableProps {
  readonly id: string;
  readonly label: string;
  /** Empty if a script fills it in. */
  readonly value?: string;
  readonly t: Texts;
}

/** Path of the script that enables the buttons; without it they stay hidden, and the text can be selected. */
export const COPY_SCRIPT = "/push/assets/copy.js";

/** A value to be copied, with its button. */
export function Copyable({ id, label, value, t: { connect: c } }: CopyableProps) {
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <div class="copyable">
        <input id={id} type="text" value={value} readonly autocomplete="off" spellcheck={false} />
        <button
          type="button"
          class="quiet"
          hidden
          data-copy={id}
          data-copied={c.copied}
          data-failed={c.copyFailed}
          aria-label={`${c.copy}: ${label}`}
        >
          {c.copy}
        </button>
      </div>
    </div>
  );
}

interface CopyBothProps {
  readonly ids: readonly string[];
  readonly label: string;
  readonly t: Texts;
}

/** Copies several values at once, each on a line after its label. */
export function CopyBoth({ ids, label, t: { connect: c } }: CopyBothProps) {
  return (
    <p>
      <button
        type="button"
        class="quiet"
        hidden
        data-copy={ids.join(" ")}
        data-copied={c.copied}
        data-failed={c.copyFailed}
      >
        {label}
      </button>
    </p>
  );
}
