/* A free slot that is chosen stands in the schedule's fields at once; without scripts its link opens the composer with it. */

export function start(place) {
  place.addEventListener("click", (event) => {
    const offer = event.target.closest("[data-when]");
    const when = document.querySelector("input[name=when]");
    if (!offer || !when) return;
    event.preventDefault();
    fill(when, offer.dataset.when);
    fill(document.querySelector("select[name=zone]"), offer.dataset.zone);
    when.focus();
  });
}

function fill(field, value) {
  if (!field) return;
  field.value = value;
  for (const kind of ["input", "change"]) field.dispatchEvent(new Event(kind, { bubbles: true }));
}
