// @ts-check
/** Copy buttons (views/shared/copyable.tsx): each names the field that it copies. */

for (const found of document.querySelectorAll("[data-copy]")) {
  const button = /** @type {HTMLButtonElement} */ (found);
  const { copy = "", copied = "" } = button.dataset;
  const label = button.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const field = /** @type {HTMLInputElement} */ (document.getElementById(copy));
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {
      return; // Not allowed: the text is selected, so that a key copies it.
    }
    button.textContent = copied;
    setTimeout(() => (button.textContent = label), 2_000);
  });
}
