/* dialog[data-library]: opens when htmx has brought the library into it, closes when something out of it was put into the post. */

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
  dialog.addEventListener("close", () => dialog.querySelector("#library-pick").replaceChildren());
}
