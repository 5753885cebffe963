/* A row of tabs that is wider than the screen begins where the chosen one is seen. */

export function start(row) {
  const chosen = row.querySelector("[aria-current]");
  if (!chosen) return;
  const [place, all] = [chosen.getBoundingClientRect(), row.getBoundingClientRect()];
  row.scrollLeft += place.left + place.width / 2 - (all.left + all.width / 2);
}
