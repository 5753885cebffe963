/* [data-page-editor]: blocks are dragged by their handle, or moved with Alt and an arrow key. Either way a button of the block is
   pressed that does the same without scripts; the answer is the editor anew. */

export function start(editor) {
  const list = editor.querySelector("[data-blocks]");
  if (!list) return;
  editor.addEventListener("keydown", byKey);
  sortable().then((Sortable) => makeDraggable(Sortable, list));
}

function makeDraggable(Sortable, list) {
  new Sortable(list, {
    draggable: "[data-block]",
    handle: "[data-handle]",
    animation: 120,
    delay: 150,
    delayOnTouchOnly: true,
    ghostClass: "is-lifted",
    onEnd: ({ item, oldIndex, newIndex }) => {
      if (oldIndex === newIndex) return;
      const button = item.querySelector("[data-drop]");
      button.value = newIndex;
      button.click();
    },
  });
}

function byKey(event) {
  const wanted = { ArrowUp: "[data-up]", ArrowDown: "[data-down]" }[event.key];
  const block = event.target.closest("[data-block]");
  const writing = event.target.closest("input, textarea, select");
  if (!wanted || !block || writing || !event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const button = block.querySelector(wanted);
  button.focus();
  button.click();
}

function sortable() {
  return import(document.querySelector('meta[name="sortable-script"]').content).then(() => window.Sortable);
}
