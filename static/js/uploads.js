/* input[data-upload]: what is too large is said before it is sent, and while a long upload runs its progress is shown.
   Around it, in the same form or field: [data-upload-error] for the words, <progress data-upload-progress>. */

export function start(input, house) {
  input.addEventListener("htmx:config:request", (event) => {
    const place = input.closest("[data-upload-place]") ?? input.form;
    const most = Number(input.dataset.maxBytes);
    const large = [...input.files].find((file) => file.size > most);
    complain(place, large ? house.fill(input.dataset.tooLarge, { name: large.name }) : "");
    input.value = ""; // so that no other request of the form sends it once more
    if (large) {
      event.preventDefault();
      return;
    }
    const { ctx } = event.detail;
    ctx.request.timeout = 0;
    ctx.fetch = (address, request) => send(address, request, place.querySelector("[data-upload-progress]"));
  });
}

function complain(place, words) {
  const problem = place.querySelector("[data-upload-error]");
  problem.textContent = words;
  problem.hidden = !words;
}

/** As fetch, with the share that has left shown in `bar`. */
function send(address, { method, headers, body, signal }, bar) {
  return new Promise((resolve, reject) => {
    const call = new XMLHttpRequest();
    call.open(method, address);
    for (const [name, value] of new Headers(headers)) call.setRequestHeader(name, value);
    signal?.addEventListener("abort", () => call.abort());
    call.upload.addEventListener("progress", ({ loaded, total }) => show(bar, loaded / total));
    call.addEventListener("loadend", () => bar && (bar.hidden = true));
    call.addEventListener("load", () => resolve(answer(call)));
    call.addEventListener("error", () => reject(new TypeError("the upload broke off")));
    call.addEventListener("abort", () => reject(new DOMException("the upload was given up", "AbortError")));
    call.send(body);
  });
}

/** All of it sent, the server still looks at it: then the bar runs without a number. */
function show(bar, share) {
  if (!bar) return;
  bar.hidden = false;
  if (share < 1) bar.value = share;
  else bar.removeAttribute("value");
}

function answer(call) {
  const headers = new Headers();
  for (const line of call.getAllResponseHeaders().trim().split(/[\r\n]+/)) {
    const [name, ...value] = line.split(": ");
    headers.append(name, value.join(": "));
  }
  return new Response([204, 205, 304].includes(call.status) ? null : call.responseText, { status: call.status, headers });
}
