// Pictures of numbers: each is drawn from the table beside it, so both say the same.
const { echarts } = window;
const drawn = new Map();

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const number = (cell, name) => (name in cell.dataset ? Number(cell.dataset[name]) : null);

function read(table) {
  return [...table.tBodies[0].rows].map((row) => ({
    title: row.cells[0].textContent,
    text: row.cells[1].textContent,
    corridor: row.cells[2].textContent,
    value: number(row.cells[1], "value"),
    low: number(row.cells[2], "low"),
    high: number(row.cells[2], "high"),
  }));
}

// An open side of the corridor goes to the edge of the picture.
function band(points) {
  const top = Math.max(1e-9, ...points.flatMap((at) => [at.value ?? 0, at.high ?? 0])) * 1.1;
  const known = points.map((at) => at.low !== null || at.high !== null);
  const low = points.map((at, place) => (known[place] ? (at.low ?? 0) : null));
  const wide = points.map((at, place) => (known[place] ? Math.max(0, (at.high ?? top) - (at.low ?? 0)) : null));
  return { top, low, wide };
}

function option(points) {
  const { top, low, wide } = band(points);
  const [ink, muted, line, soft] = ["--crm-link", "--crm-muted", "--crm-line", "--crm-accent-soft"].map(colour);
  const edge = { type: "line", stack: "corridor", symbol: "none", silent: true, lineStyle: { width: 0 }, tooltip: { show: false } };
  return {
    animation: false,
    grid: { left: 2, right: 6, top: 6, bottom: 2, outerBoundsMode: "same" },
    xAxis: { type: "category", data: points.map((at) => at.title), boundaryGap: false, axisTick: { show: false }, axisLine: { lineStyle: { color: line } }, axisLabel: { color: muted, fontSize: 10, interval: 5, hideOverlap: true, alignMinLabel: "left", alignMaxLabel: "right" } },
    yAxis: { type: "value", min: 0, max: top, splitNumber: 2, axisLabel: { show: false }, splitLine: { lineStyle: { color: line } } },
    tooltip: {
      trigger: "axis", renderMode: "richText", confine: true, padding: 6, backgroundColor: colour("--crm-card"), borderColor: line,
      textStyle: { color: colour("--crm-ink"), fontSize: 12 }, axisPointer: { lineStyle: { color: muted } },
      formatter: (said) => {
        const at = points[said[0].dataIndex];
        return `${at.title}: ${at.text}${at.corridor ? `\n${at.corridor}` : ""}`;
      },
    },
    series: [
      { ...edge, data: low },
      { ...edge, data: wide, areaStyle: { color: soft, opacity: 1 } },
      { type: "line", data: points.map((at) => at.value), symbol: "circle", symbolSize: (value, { dataIndex }) => (dataIndex === points.length - 1 ? 7 : 4), itemStyle: { color: ink }, lineStyle: { color: ink, width: 2 } },
    ],
  };
}

function draw(picture) {
  const table = picture.parentElement.querySelector("table");
  if (!drawn.has(picture)) {
    picture.replaceChildren();
    drawn.set(picture, echarts.init(picture, null, { renderer: "svg" }));
  }
  drawn.get(picture).setOption(option(read(table)), true);
}

// Only what is in sight, or about to be; a folded one has no width to be drawn in.
const seen = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) if (isIntersecting && !drawn.has(target)) draw(target);
}, { rootMargin: "200px" });
const sized = new ResizeObserver((entries) => {
  for (const { target } of entries) if (target.clientWidth) drawn.get(target)?.resize();
});
for (const picture of document.querySelectorAll(".kpi-picture")) {
  seen.observe(picture);
  sized.observe(picture);
}

new MutationObserver(() => drawn.forEach((_chart, picture) => draw(picture))).observe(document.documentElement, { attributes: true, attributeFilter: ["data-bs-theme"] });
