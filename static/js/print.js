/* A button that opens the print dialogue. */

export function start(button) {
  button.addEventListener("click", () => window.print());
}
