interface FieldProps {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly kind: "text" | "email";
  /** What was typed before. */
  readonly value?: string | undefined;
  /** What is wrong with it; a script may say so later. */
  readonly error?: string | undefined;
}

/** A field for a domain or an address: both at most 254 characters, with a trailing dot. */
export function Field({ name, label, hint, kind, value, error }: FieldProps) {
  const common = {
    id: name,
    name,
    value,
    required: true,
    maxlength: 254,
    autocapitalize: "none",
    spellcheck: false,
    "aria-invalid": error === undefined ? undefined : "true",
    "aria-describedby": `${hint === undefined ? "" : `${name}-hint `}${name}-error`,
  } as const;
  return (
    <div class="field">
      <label for={name}>{label}</label>
      {kind === "email" ? (
        <input type="email" autocomplete="email" {...common} />
      ) : (
        <input type="text" autocomplete="off" {...common} />
      )}
      {hint !== undefined && (
        <p id={`${name}-hint`} class="hint">
          {hint}
        </p>
      )}
      <p id={`${name}-error`} class="error" role="alert">
        {error}
      </p>
    </div>
  );
}
