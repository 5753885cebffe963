/* [data-live] asks the server again and again (htmx: `every`). It rests while nobody looks, asks at once when somebody
   looks again, asks less often while the server does not answer, and never bothers the reader with that. */

const MOST_RESTS = 14;

export function start(element) {
  let failures = 0;
  let rests = 0;

  const own = (type, react) => element.addEventListener(type, (event) => event.target === element && react(event));

  own("htmx:config:request", (event) => {
    if (event.detail.ctx.sourceEvent?.type !== "every") return;
    if (document.hidden || rests > 0) {
      rests -= document.hidden ? 0 : 1;
      event.preventDefault();
    }
  });
  own("htmx:after:request", (event) => {
    if (event.detail.ctx.response.status < 400) failures = rests = 0;
  });
  own("htmx:response:error", (event) => {
    event.detail.ctx.swap = "none";
    fail(event);
  });
  own("htmx:error", fail);
  document.addEventListener("visibilitychange", wake);

  function fail(event) {
    event.stopPropagation();
    failures += 1;
    rests = Math.min(2 ** failures - 1, MOST_RESTS);
  }

  function wake() {
    if (!element.isConnected) document.removeEventListener("visibilitychange", wake);
    else if (!document.hidden) htmx.trigger(element, "circle:wake");
  }
}
