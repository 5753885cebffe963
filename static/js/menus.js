/* A <details> used as a menu or drawer closes on Esc, on a click outside, and when focus leaves it. */

export function start(menu) {
  const summary = menu.querySelector("summary");
  const panel = summary.nextElementSibling;

  menu.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && menu.open) {
      menu.open = false;
      summary.focus();
      event.stopPropagation();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      move(menu, panel, event.key === "ArrowDown" ? 1 : -1);
      event.preventDefault();
    }
  });
  document.addEventListener("click", (event) => {
    if (menu.open && !panel.contains(event.target) && !summary.contains(event.target)) menu.open = false;
  });
  menu.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false;
  });
}

function move(menu, panel, step) {
  const stops = [...panel.querySelectorAll("a[href], button:not([disabled])")];
  if (!stops.length) return;
  menu.open = true;
  const here = stops.indexOf(document.activeElement);
  stops[here < 0 ? (step > 0 ? 0 : stops.length - 1) : (here + step + stops.length) % stops.length].focus();
}
