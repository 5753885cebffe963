/* A message can be closed; good news leaves on its own, bad news waits for the reader. */

const GOOD_NEWS_STAYS = 7000;

export function start(flash) {
  flash.querySelector("[data-flash-close]")?.addEventListener("click", () => flash.remove());
  if (flash.classList.contains("flash-good") || flash.classList.contains("flash-info")) {
    leaveLater(flash);
  }
}

function leaveLater(flash) {
  const leave = () => (flash.matches(":hover, :focus-within") ? leaveLater(flash) : flash.remove());
  setTimeout(leave, GOOD_NEWS_STAYS);
}
