/* How long ago something was goes on being true while a page stays open. */

const STEPS = [["year", 31536000], ["month", 2592000], ["week", 604800], ["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];
const EVERY = 15000;

export function start(list, house) {
  const format = new Intl.RelativeTimeFormat(house.language, { numeric: "always" });
  const timer = setInterval(() => {
    if (!list.isConnected) clearInterval(timer);
    else if (!document.hidden) list.querySelectorAll(".post-when time, .comment-when time").forEach((time) => tell(time, format));
  }, EVERY);
}

function tell(time, format) {
  const seconds = (Date.now() - Date.parse(time.dateTime)) / 1000;
  const [unit, length] = STEPS.find(([, size]) => seconds >= size * 0.85) ?? STEPS.at(-1);
  time.textContent = format.format(-Math.max(1, Math.round(seconds / length)), unit);
}
