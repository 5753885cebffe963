/* Answering a reply opens the form of its thread and begins with the name of whom it is for. */

export function start(button) {
  button.addEventListener("click", () => {
    const details = button.closest(".thread").querySelector("details.reply");
    const area = details.querySelector("textarea");
    details.open = true;
    if (!area.value.startsWith(button.dataset.mention)) area.value = button.dataset.mention + area.value;
    area.dispatchEvent(new Event("input", { bubbles: true }));
    area.focus();
  });
}
