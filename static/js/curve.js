/* figure[data-curve-url]: draws {"x": [unix seconds], "series": [{"label", "values", "kind": "line|bars|target|told"}], "unit"}
   with uPlot; what is "told" stands in words and in the table only. An optional "zone" names the time zone of x, an
   optional "range" the ends of a scale that has some. A value between two gaps is a dot.
   The same numbers go into a table, and arrow keys walk the points. data-curve-every="seconds" asks again while the page is in view. */

const library = { ready: null };

export async function start(figure, house) {
  const curve = { figure, house, plot: figure.querySelector("[data-curve-plot]"), data: null, chart: null };
  try {
    await Promise.all([loadLibrary(), fetchData(curve)]);
  } catch {
    curve.plot.textContent = house.words.curve_failed;
    return;
  }
  draw(curve);
  new ResizeObserver(() => curve.chart?.setSize(sizeOf(curve.plot))).observe(curve.plot);
  for (const [target, name] of [[document, "quanzi:theme"], [matchMedia("(prefers-color-scheme: dark)"), "change"]]) {
    target.addEventListener(name, () => draw(curve));
  }
  curve.plot.addEventListener("keydown", (event) => walk(curve, event));
  keepFresh(curve);
}

function loadLibrary() {
  library.ready ??= new Promise((resolve, reject) => {
    const style = document.createElement("link");
    const script = document.createElement("script");
    style.rel = "stylesheet";
    style.href = document.querySelector('meta[name="uplot-style"]').content;
    script.src = document.querySelector('meta[name="uplot-script"]').content;
    script.addEventListener("load", resolve);
    script.addEventListener("error", reject);
    document.head.append(style, script);
  });
  return library.ready;
}

async function fetchData(curve) {
  const response = await fetch(curve.figure.dataset.curveUrl, { headers: { Accept: "application/json" } });
  if (!response.ok) throw new Error(String(response.status));
  curve.data = await response.json();
}

function keepFresh(curve) {
  const every = Number(curve.figure.dataset.curveEvery);
  if (!every) return;
  const timer = setInterval(async () => {
    if (!curve.figure.isConnected) return clearInterval(timer);
    if (document.hidden) return undefined;
    await fetchData(curve).then(() => draw(curve), () => undefined);
    return undefined;
  }, every * 1000);
}

function draw(curve) {
  const { data, plot, house } = curve;
  curve.chart?.destroy();
  curve.chart = null;
  plot.replaceChildren();
  drawLegend(curve);
  drawTable(curve);
  if (!data.x.length) {
    const words = document.createElement("p");
    words.className = "curve-wait";
    words.textContent = house.words.curve_empty;
    plot.append(words);
    return;
  }
  curve.chart = new window.uPlot(options(curve), [data.x, ...drawn(data).map((one) => one.values)], plot);
}

function drawn({ series }) {
  return series.filter((one) => one.kind !== "told");
}

function options(curve) {
  const { plot, data } = curve;
  const ink = colour(plot, "--ink-3");
  const line = colour(plot, "--line");
  const axis = { stroke: ink, font: `12px ${getComputedStyle(plot).fontFamily}`, ticks: { show: false } };
  const zone = zoneOf(curve);
  return {
    ...sizeOf(plot),
    padding: [12, 20, 0, 0],
    legend: { show: false },
    tzDate: zone ? (seconds) => window.uPlot.tzDate(new Date(seconds * 1000), zone) : undefined,
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 8 } },
    scales: { x: { range: (_, low, high) => room(data, low, high) }, y: { range: (_, low, high) => data.range ?? [Math.min(0, low), high <= 0 ? 1 : high * 1.08] } },
    axes: [
      { ...axis, grid: { show: false }, size: 28, space: 64, values: (_, splits, __, ___, step) => splits.map(momentFormat(curve, step)) },
      { ...axis, grid: { stroke: line, width: 1 }, size: 48, space: 36, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5, 1e6], values: (_, splits) => splits.map(shortNumber(curve)) },
    ],
    series: [{}, ...drawn(data).map((one, at) => seriesLook(curve, one, at))],
    hooks: { setCursor: [(chart) => readOut(curve, chart.cursor.idx)] },
  };
}

function seriesLook(curve, one, at) {
  const stroke = getComputedStyle(curve.figure.querySelectorAll(".curve-swatch")[at]).color;
  const common = { label: one.label, stroke, points: { show: one.values.length === 1, filter: (_, __, all) => (all ? null : lonely(one.values)) } };
  if (one.kind === "bars") return { ...common, fill: stroke, width: 0, points: { show: false }, paths: window.uPlot.paths.bars({ size: [0.68, 36], radius: 0.18 }) };
  if (one.kind === "target") return { ...common, width: 1.5, dash: [6, 5] };
  return { ...common, width: 2, paths: window.uPlot.paths.spline?.() };
}

/** The places of values that no line reaches, because nothing stands before and after them. */
function lonely(values) {
  const alone = values.flatMap((value, at) => (value != null && values[at - 1] == null && values[at + 1] == null ? [at] : []));
  return alone.length ? alone : null;
}

/** Bars need half a step of room at both ends, a single point some width. */
function room({ x, series }, low, high) {
  const step = x.length > 1 ? x[1] - x[0] : 3600;
  const half = series.some((one) => one.kind === "bars") || low === high ? step * 0.6 : 0;
  return [low - half, high + half];
}

function drawLegend({ figure, data }) {
  const legend = figure.querySelector("[data-curve-legend]");
  legend.classList.toggle("has-lines", data.series.some((one) => one.kind !== "bars" && one.kind !== "target"));
  legend.replaceChildren(...drawn(data).map((one, at) => {
    const key = document.createElement("span");
    const swatch = document.createElement("span");
    key.className = "curve-key";
    swatch.className = `curve-swatch series-${one.kind === "target" ? "target" : at % 4}`;
    swatch.dataset.kind = one.kind ?? "line";
    key.append(swatch, one.label);
    return key;
  }));
}

function drawTable(curve) {
  const { data, figure, house } = curve;
  const table = document.createElement("table");
  const head = table.createTHead().insertRow();
  const body = table.createTBody();
  const number = new Intl.NumberFormat(house.language);
  const say = momentFormat(curve, data.x.length > 1 ? data.x[1] - data.x[0] : 86400, true);
  table.className = "table";
  for (const words of [house.words.time, ...data.series.map((one) => one.label)]) {
    const cell = document.createElement("th");
    cell.scope = "col";
    cell.textContent = words;
    head.append(cell);
  }
  data.x.forEach((moment, at) => {
    const row = body.insertRow();
    row.insertCell().textContent = say(moment);
    for (const one of data.series) row.insertCell().textContent = one.values[at] == null ? "–" : number.format(one.values[at]);
  });
  figure.querySelector("[data-curve-table]").replaceChildren(table);
}

function momentFormat(curve, step, full = false) {
  const isEnglish = curve.house.language.startsWith("en");
  const day = { month: isEnglish ? "short" : "numeric", day: "numeric" };
  const time = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  const shape = step >= 86400 ? day : full || step >= 14400 ? { ...day, ...time } : time;
  const zone = zoneOf(curve);
  const format = new Intl.DateTimeFormat(isEnglish ? "en-GB" : curve.house.language, { ...shape, ...(zone ? { timeZone: zone } : {}) });
  return (seconds) => (seconds == null ? "" : format.format(seconds * 1000));
}

/** Days that begin in a zone of their own are named there, all other moments where the reader is. */
function zoneOf({ data }) {
  return data.zone ?? document.documentElement.dataset.zone;
}

function shortNumber(curve) {
  const format = new Intl.NumberFormat(curve.house.language, { notation: "compact" });
  return (value) => (value == null ? "" : format.format(value));
}

function readOut(curve, at) {
  const place = curve.figure.querySelector("[data-curve-readout]");
  const { x, series } = curve.data;
  if (at == null) {
    place.textContent = "";
    return;
  }
  const number = new Intl.NumberFormat(curve.house.language);
  const step = x.length > 1 ? x[1] - x[0] : 86400;
  const parts = series.filter((one) => one.values[at] != null).map((one) => `${one.label} ${number.format(one.values[at])}`);
  place.setAttribute("aria-live", document.activeElement === curve.plot ? "polite" : "off");
  place.textContent = [momentFormat(curve, step, true)(x[at]), ...parts].join(" · ");
}

function walk(curve, event) {
  const last = curve.data.x.length - 1;
  const here = curve.chart?.cursor.idx ?? -1;
  const next = { ArrowRight: Math.min(here + 1, last), ArrowLeft: Math.max(here - 1, 0), Home: 0, End: last }[event.key];
  if (next === undefined || !curve.chart) return;
  event.preventDefault();
  curve.chart.setCursor({ left: curve.chart.valToPos(curve.data.x[next], "x"), top: 8 });
}

function sizeOf(plot) {
  return { width: Math.max(plot.clientWidth, 200), height: Math.max(plot.clientHeight, 120) };
}

function colour(element, name) {
  const probe = document.createElement("i");
  probe.className = `probe${name}`;
  element.append(probe);
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found;
}
