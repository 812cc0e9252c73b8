interface FieldProps {
  readonly name: string;
  /** If a page has several of the name. */
  readonly id?: string;
  readonly label: string;
  readonly hint?: string;
  /** `free` takes more than a domain or an address: the answer names the limit. */
  readonly kind: "text" | "email" | "free";
  /** What was typed before. */
  readonly value?: string | undefined;
  /** What is wrong with it; a script may say so later. */
  readonly error?: string | undefined;
  readonly optional?: boolean;
}

/** A field for a domain or an address: both at most 254 characters, with a trailing dot. */
export function Field(props: FieldProps) {
  const { name, id = name, label, hint, kind, value, error, optional = false } = props;
  const common = {
    id,
    name,
    value,
    required: !optional,
    maxlength: kind === "free" ? undefined : 254,
    autocapitalize: "none",
    spellcheck: false,
    "aria-invalid": error === undefined ? undefined : "true",
    "aria-describedby": `${hint === undefined ? "" : `${id}-hint `}${id}-error`,
  } as const;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {kind === "email" ? (
        <input type="email" autocomplete="email" {...common} />
      ) : (
        <input type="text" autocomplete="off" {...common} />
      )}
      {hint !== undefined && (
        <p id={`${id}-hint`} class="hint">
          {hint}
        </p>
      )}
      <p id={`${id}-error`} class="error" role="alert">
        {error}
      </p>
    </div>
  );
}

/** For the code that another window shows; a pasted one may have a few more characters. */
export function CodeField({ id, label }: { readonly id: string; readonly label: string }) {
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        class="code"
        name="code"
        type="text"
        inputmode="numeric"
        autocomplete="off"
        maxlength={20}
        required
      />
    </div>
  );
}
