/* [data-share] hands an address to the sharing sheet of the device; where there is none the button stays away. */

export function start(button, house) {
  const what = { url: button.dataset.share, title: button.dataset.shareTitle };
  if (!navigator.canShare?.(what)) return;
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.share(what);
    } catch (error) {
      if (error.name !== "AbortError") house.say("bad", house.words.copy_failed);
    }
  });
}
