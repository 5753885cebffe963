/* [data-stopwatch]: the time since that moment, by the server's clock; late once it is over [data-target] seconds. */

export function start(element) {
  const ahead = Date.now() - Date.parse(element.dataset.now);
  const target = Number(element.dataset.target);

  const tick = () => {
    if (!element.isConnected || !element.dataset.stopwatch) return;
    const seconds = Math.max(0, Math.floor((Date.now() - ahead - Date.parse(element.dataset.stopwatch)) / 1000));
    element.textContent = words(seconds);
    element.classList.toggle("is-late", target > 0 && seconds > target);
    setTimeout(tick, 1000 - ((Date.now() - ahead) % 1000));
  };
  tick();
}

function words(seconds) {
  const two = (number) => String(number).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  return hours ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}
