/* [data-deadline] keeps saying how much time is left; at the end it says so and sends a `deadline` event up the page. */

const STEPS = [["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];

export function start(element, house) {
  let over = false;

  const tick = () => {
    const left = Math.ceil((new Date(element.dataset.deadline) - Date.now()) / 1000);
    if (left > 0) {
      over = false;
      const words = house.fill(house.words.time_left, { time: duration(left, house.language) });
      if (element.textContent !== words) element.textContent = words;
    } else if (!over) {
      over = true;
      element.textContent = house.words.ended;
      element.dispatchEvent(new CustomEvent("deadline", { bubbles: true }));
    }
    if (element.isConnected) setTimeout(tick, left > 7200 ? 30000 : 1000);
  };
  tick();
}

/** The two largest units: `2 days 3 hr`, `4 min 12 sec`. */
function duration(seconds, language) {
  const first = STEPS.findIndex(([, size]) => seconds >= size);
  let rest = seconds;
  return STEPS.slice(first, first + 2)
    .map(([unit, size]) => {
      const amount = Math.floor(rest / size);
      rest -= amount * size;
      return amount ? new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "short" }).format(amount) : "";
    })
    .filter(Boolean)
    .join(" ");
}
