/* dialog[data-library]: opens when htmx has brought the library into it, closes when something out of it was put into the post.
   When pictures or the video of the post have changed, in whatever way, the composer hears of it as of any other change. */

const CHANGING = new Set(["composer-pictures", "composer-video"]);

export function start(dialog) {
  const opened = () => !dialog.open && dialog.querySelector(".library-pick") && dialog.showModal();
  dialog.addEventListener("htmx:after:swap", opened);
  new MutationObserver(opened).observe(dialog.querySelector("#library-pick"), { childList: true });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog || event.target.closest("[data-close]")) dialog.close();
  });
  dialog.addEventListener("htmx:after:request", (event) => {
    if (event.detail.ctx.request.method === "POST") dialog.close();
  });
  document.addEventListener("htmx:after:swap", (event) => {
    if (CHANGING.has(event.detail.ctx?.target?.id)) document.getElementById("composer").dispatchEvent(new Event("change", { bubbles: true }));
  });
  dialog.addEventListener("close", () => dialog.querySelector("#library-pick").replaceChildren());
}
