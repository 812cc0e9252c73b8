// @ts-check
/** Copy buttons (views/shared/copyable.tsx): each names the fields that it copies, several with their labels. */

/** @param {HTMLInputElement} field */
const labelled = (field) => `${field.labels?.[0]?.textContent ?? ""}: ${field.value}`;

for (const found of document.querySelectorAll("[data-copy]")) {
  const button = /** @type {HTMLButtonElement} */ (found);
  const { copy = "", copied = "", failed = "" } = button.dataset;
  const label = button.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const ids = copy.split(" ");
    const fields = ids.map((id) => /** @type {HTMLInputElement} */ (document.getElementById(id)));
    // Where the clipboard is not allowed, the text is selected at least, so that a key copies it.
    fields[0]?.select();
    const text = fields.length === 1 ? fields[0]?.value : fields.map(labelled).join("\n");
    const done = await navigator.clipboard?.writeText(text ?? "").then(
      () => true,
      () => false,
    );
    button.textContent = done ? copied : failed;
    setTimeout(() => (button.textContent = label), 2_000);
  });
}
