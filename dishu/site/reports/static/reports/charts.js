// Draws each [data-chart] from the numbers its page carries: bars and trends. The same numbers stand in a table beside it.
const COLOURS = { held: "#2f7d4f", failed: "#b45309", unknown: "#9ca3af" };
const TYPE = getComputedStyle(document.body).fontFamily;
const percent = (value) => (value === null ? "—" : value < 1 && value > 0.9995 ? "99.9%" : `${(100 * value).toFixed(value === 1 ? 0 : 1)}%`);
const share = (row) => (row.total ? row.held / row.total : null);

function bars(rows, words) {
  const shown = [...rows].reverse();
  const series = ["held", "failed", "unknown"].map((key) => ({
    name: words[key], type: "bar", stack: "all", itemStyle: { color: COLOURS[key] }, barMaxWidth: 22,
    data: shown.map((row) => row[key]),
  }));
  return {
    grid: { left: 8, right: 24, top: 32, bottom: 8, containLabel: true }, legend: { top: 0 }, tooltip: { trigger: "axis", axisPointer: { type: "shadow" } },
    xAxis: { type: "value" }, yAxis: { type: "category", data: shown.map((row) => row.name) }, series,
  };
}

function trend(rows, words, goal) {
  const line = goal === null ? undefined : { silent: true, symbol: "none", lineStyle: { color: "#57606a", type: "dashed" }, label: { formatter: `${words.goal} ${percent(goal)}`, position: "insideEndTop" }, data: [{ yAxis: 100 * goal }] };
  return {
    grid: { left: 8, right: 24, top: 24, bottom: 8, containLabel: true },
    tooltip: { trigger: "axis", formatter: ([one]) => { const row = rows[one.dataIndex]; return `${row.day}<br>${percent(share(row))} · ${row.held} / ${row.total}`; } },
    xAxis: { type: "category", data: rows.map((row) => row.day), boundaryGap: false }, yAxis: { type: "value", min: 0, max: 100, axisLabel: { formatter: "{value}%" } },
    series: [{ type: "line", symbolSize: 5, lineStyle: { color: "#a61b1b" }, itemStyle: { color: "#a61b1b" }, areaStyle: { color: "rgba(166,27,27,.08)" }, connectNulls: false, data: rows.map((row) => (row.total ? (100 * row.held) / row.total : null)), markLine: line }],
  };
}

function draw(place) {
  if (place.dataset.drawn) return;
  place.dataset.drawn = "yes";
  const { kind, rows, goal, words } = JSON.parse(document.getElementById(place.dataset.chart).textContent);
  if (kind === "bars") place.style.height = `${Math.max(12, 3 + 1.9 * rows.length)}rem`;
  const chart = echarts.init(place);
  const options = kind === "bars" ? bars(rows, words) : trend(rows, words, goal);
  chart.setOption({ animation: false, textStyle: { fontFamily: TYPE }, ...options });
  if (place.dataset.address) {
    const ordered = [...rows].reverse();
    chart.on("click", (one) => location.assign(place.dataset.address.replace("__place__", ordered[one.dataIndex].place)));
  }
  addEventListener("resize", () => chart.resize());
}
const all = () => document.querySelectorAll("[data-chart]").forEach(draw);
all();
document.addEventListener("htmx:load", all);
