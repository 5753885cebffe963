/* form[data-keys]: the queue by keyboard. A key presses what wears it as data-key; R goes to the clauses. The switch in the
   form turns the keys off and on again, and this browser remembers it. */

const KEPT = "quanzi.reviewing.keys";

export function start(form) {
  const toggle = form.querySelector("[data-keys-switch]");
  toggle.checked = localStorage.getItem(KEPT) !== "off";
  toggle.addEventListener("change", () => localStorage.setItem(KEPT, toggle.checked ? "on" : "off"));
  document.addEventListener("keydown", (event) => {
    if (!toggle.checked || !form.isConnected || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (press(form, event.key.toLowerCase())) event.preventDefault();
  });
}

function press(form, key) {
  if (key === "r") {
    const first = form.querySelector('[name="clause"]:checked, [name="clause"], [name="reason"]');
    first?.focus();
    return Boolean(first);
  }
  const wearer = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  wearer?.click();
  return Boolean(wearer);
}

function isTyping(target) {
  return target.matches("textarea, select, input:not([type=radio], [type=checkbox])") || Boolean(target.closest("dialog"));
}
