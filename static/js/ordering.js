/* A list whose lines can be dragged by their handles: the new order goes into the form that `data-order` names, one input
   called `data-name` for each line, and the form is sent. The buttons beside the lines do the same without this. */

export function start(list) {
  const form = document.querySelector(list.dataset.order);
  import(document.querySelector('meta[name="sortable-script"]').content).then(() => {
    new window.Sortable(list, {
      handle: "[data-handle]",
      draggable: "[data-id]",
      animation: 120,
      ghostClass: "is-lifted",
      onUpdate: () => send(list, form),
    });
  });
}

function send(list, form) {
  for (const old of form.querySelectorAll(`[name="${list.dataset.name}"]`)) old.remove();
  for (const line of list.querySelectorAll("[data-id]")) {
    const input = document.createElement("input");
    input.type = "hidden";
    input.name = list.dataset.name;
    input.value = line.dataset.id;
    form.append(input);
  }
  form.requestSubmit();
}
