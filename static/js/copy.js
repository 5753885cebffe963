/* [data-copy] copies its text and says so on itself and aloud. */

export function start(button, house) {
  const label = button.querySelector("[data-copy-label]");
  const usual = label?.textContent;

  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
    } catch {
      house.say("bad", house.words.copy_failed);
      return;
    }
    house.say("good", house.words.copied);
    if (!label) return;
    label.textContent = house.words.copied;
    setTimeout(() => (label.textContent = usual), 2500);
  });
}
