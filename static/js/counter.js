/* Counts what a reader would call characters: an emoji of several code points is one. */

const SHOW_BELOW = 0.9;

export function start(area, house) {
  const most = Number(area.dataset.counter);
  const output = document.querySelector(`[data-counter-for="${CSS.escape(area.id)}"]`);
  const segmenter = new Intl.Segmenter(house.language, { granularity: "grapheme" });
  const format = new Intl.NumberFormat(house.language);

  const count = () => {
    const left = most - [...segmenter.segment(area.value.trim())].length;
    output.textContent = left < 0
      ? house.fill(house.words.over, { count: format.format(-left) })
      : house.fill(house.words.left, { count: format.format(left) });
    output.classList.toggle("is-over", left < 0);
    output.setAttribute("aria-live", left < most * (1 - SHOW_BELOW) ? "polite" : "off");
    area.setCustomValidity(left < 0 ? output.textContent : "");
  };
  area.addEventListener("input", count);
  area.form?.addEventListener("reset", () => setTimeout(count));
  count();
}
