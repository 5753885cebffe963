/* form[data-submit-keys]: Ctrl or Command with Enter presses the button that approves, wherever in the form one is. */

export function start(form) {
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    document.querySelector(`[form="${form.id}"][data-approves]`)?.click();
  });
}
