// Draws a chart above each table that asks for one. The numbers are the table's own; without this script the tables stand alone.
'use strict';
(() => {
  if (!window.echarts) return;
  const style = getComputedStyle(document.documentElement);
  const ink = style.getPropertyValue('--ink').trim() || '#222';
  const bar = style.getPropertyValue('--brand').trim() || '#2f5d9b';
  for (const table of document.querySelectorAll('table[data-chart]')) {
    const rows = [...table.tBodies[0].rows].map(row => ({ name: row.cells[0].textContent.trim(), count: row.cells[1].dataset.count })).filter(row => row.count);
    if (rows.length === 0) continue;
    const place = document.createElement('div');
    place.className = 'chart';
    place.setAttribute('role', 'img');
    place.setAttribute('aria-label', table.dataset.chart);
    table.closest('.table').before(place);
    place.style.height = (rows.length * 28 + 50) + 'px';
    const chart = echarts.init(place, null, { renderer: 'canvas' });
    chart.setOption({
      animation: false,
      grid: { left: 10, right: 50, top: 10, bottom: 10, containLabel: true },
      xAxis: { type: 'value', axisLabel: { color: ink } },
      yAxis: { type: 'category', inverse: true, data: rows.map(row => row.name), axisLabel: { color: ink, width: 180, overflow: 'truncate' } },
      series: [{ type: 'bar', data: rows.map(row => Number(row.count)), itemStyle: { color: bar }, label: { show: true, position: 'right', color: ink } }],
    });
    new ResizeObserver(() => chart.resize()).observe(place);
  }
})();
