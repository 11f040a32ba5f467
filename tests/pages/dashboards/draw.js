// SPDX-License-Identifier: Apache-2.0
// Draws one panel of each type into an element. `frames`: for each query its series, {labels, name, points: [[t, v]]}.
'use strict';

const SVG = 'http://www.w3.org/2000/svg';

function element(parent, tag, text, attributes) {
  const node = document.createElement(tag);
  if (text !== undefined && text !== null) node.textContent = text;
  for (const [k, v] of Object.entries(attributes || {})) node.setAttribute(k, v);
  parent.append(node);
  return node;
}

function shape(parent, tag, attributes, text) {
  const node = document.createElementNS(SVG, tag);
  for (const [k, v] of Object.entries(attributes)) node.setAttribute(k, v);
  if (text !== undefined) node.textContent = text;
  parent.append(node);
  return node;
}

// The last value that is a number: Grafana's lastNotNull.
function last(series) {
  for (let i = series.points.length - 1; i >= 0; i -= 1) {
    if (Number.isFinite(series.points[i][1])) return series.points[i][1];
  }
  return null;
}

const all = (frames) => frames.flat();

function drawStat(body, panel, frames) {
  const { defaults } = panel.fieldConfig;
  const numbers = element(body, 'div', null, { class: 'numbers' });
  for (const series of all(frames)) {
    const value = last(series);
    const words = mapped(value, defaults);
    const shown = words ? words.text : formatted(value, defaults.unit, defaults.decimals);
    const node = element(numbers, 'div', shown, { class: 'number' });
    node.style.color = words ? colorOf(words.color) : thresholdColor(value, defaults);
    if (all(frames).length > 1) element(node, 'small', series.name);
  }
}

function drawGauge(body, panel, frames) {
  const { defaults } = panel.fieldConfig;
  const value = last(all(frames)[0]);
  const share = Math.max(0, Math.min(1, (value - defaults.min) / (defaults.max - defaults.min)));
  const box = shape(body, 'svg', { viewBox: '0 0 200 105', width: '100%', height: '100%' });
  const arc = (part, color, width) => {
    const angle = Math.PI * (1 - part);
    shape(box, 'path', { d: `M 30 95 A 70 70 0 0 1 ${100 + 70 * Math.cos(angle)} ${95 - 70 * Math.sin(angle)}`,
      stroke: color, 'stroke-width': width, fill: 'none' });
  };
  arc(1, '#22252b', 18);
  if (share > 0) arc(share, thresholdColor(value, defaults), 18);
  const text = shape(box, 'text', { x: 100, y: 90, 'text-anchor': 'middle' },
    formatted(value, defaults.unit, defaults.decimals));
  text.style.fontSize = '24px';
  text.style.fill = thresholdColor(value, defaults);
}

function drawBarGauge(body, panel, frames) {
  const { defaults } = panel.fieldConfig;
  const rows = all(frames).map((series) => [series.name, last(series)]).sort((a, b) => b[1] - a[1]);
  const most = defaults.max ?? Math.max(...rows.map((r) => r[1]), 1e-12);
  for (const [name, value] of rows) {
    const bar = element(body, 'div', null, { class: 'bar' });
    element(bar, 'span', name || 'no label');
    const fill = element(element(bar, 'div'), 'i');
    fill.style.width = `${(100 * Math.max(0, value)) / most}%`;
    fill.style.background = thresholdColor(value, defaults);
    element(bar, 'b', formatted(value, defaults.unit, defaults.decimals)).style.color = thresholdColor(value, defaults);
  }
}

// Round values between 0 and `top`, about four of them; round as KiB and MiB where `binary`.
function marks(top, binary) {
  if (binary && top > 1024) {
    const unit = 1024 ** Math.floor(Math.log2(top) / 10);
    return marks(top / unit, false).map((v) => v * unit);
  }
  const rough = top / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((n) => n * power).find((n) => n >= rough);
  const out = [];
  for (let v = 0; v <= top * 1.001; v += step) out.push(v);
  return out;
}

function stackedUp(lines) {
  const floor = new Map();
  return lines.map((line) => ({
    ...line,
    points: line.points.map(([t, v]) => {
      const below = floor.get(t) || 0;
      const above = below + (Number.isFinite(v) ? v : 0);
      floor.set(t, above);
      return [t, above, below];
    }),
  }));
}

function drawTimeSeries(body, panel, frames) {
  const { defaults, overrides } = panel.fieldConfig;
  const stacked = defaults.custom.stacking.mode === 'normal';
  const fixed = Object.fromEntries(
    overrides.map((o) => [o.matcher.options, colorOf(o.properties[0].value.fixedColor)]),
  );
  let lines = all(frames).map((s, i) => ({ ...s, color: fixed[s.name] || PALETTE[i % PALETTE.length], now: last(s) }));
  if (stacked) lines = stackedUp(lines);
  const width = body.clientWidth;
  const height = body.clientHeight - 36;
  const times = lines.flatMap((l) => l.points.map((p) => p[0]));
  const begin = Math.min(...times);
  const end = Math.max(...times, begin + 1);
  const top = Math.max(...lines.flatMap((l) => l.points.map((p) => p[1]).filter(Number.isFinite)), 0) * 1.05 || 1;
  const left = 62;
  const x = (t) => left + ((t - begin) / (end - begin)) * (width - left - 6);
  const y = (v) => height - 16 - (v / top) * (height - 24);
  const box = shape(body, 'svg', { width, height });
  for (const v of marks(top, defaults.unit === 'bytes')) {
    shape(box, 'line', { x1: left, x2: width, y1: y(v), y2: y(v), stroke: '#2c3235' });
    shape(box, 'text', { x: left - 5, y: y(v) + 3, 'text-anchor': 'end' },
      formatted(v, defaults.unit, defaults.decimals));
  }
  for (let i = 0; i < 3; i += 1) {
    const t = begin + ((end - begin) * i) / 2;
    shape(box, 'text', { x: x(t), y: height - 3, 'text-anchor': ['start', 'middle', 'end'][i] },
      new Date(t * 1000).toISOString().slice(11, 19));
  }
  for (const line of lines) {
    const points = line.points.filter((p) => Number.isFinite(p[1]));
    const path = points.map((p, i) => `${i ? 'L' : 'M'}${x(p[0]).toFixed(1)} ${y(p[1]).toFixed(1)}`).join('');
    if (stacked && points.length > 0) {
      const back = [...points].reverse().map((p) => `L${x(p[0]).toFixed(1)} ${y(p[2]).toFixed(1)}`).join('');
      shape(box, 'path', { d: `${path}${back}Z`, fill: line.color, 'fill-opacity': 0.45, stroke: 'none' });
    }
    shape(box, 'path', { d: path, stroke: line.color, 'stroke-width': 1.4, fill: 'none' });
  }
  const legend = element(body, 'div', null, { class: 'legend' });
  for (const line of lines) {
    const entry = element(legend, 'span');
    element(entry, 'i').style.background = line.color;
    entry.append(`${line.name || 'value'}  ${formatted(line.now, defaults.unit, defaults.decimals)}`);
  }
}

// Rows with the same labels are one, each query a column; then columns are left out and named as `organize` says.
function drawTable(body, panel, frames) {
  const { excludeByName, renameByName } = panel.transformations.find((t) => t.id === 'organize').options;
  const units = Object.fromEntries(panel.fieldConfig.overrides.map((o) => [o.matcher.options, o.properties[0].value]));
  const values = frames.map((_, i) => (frames.length > 1 ? `Value #${String.fromCharCode(65 + i)}` : 'Value'));
  const rows = new Map();
  frames.forEach((series, i) => series.forEach((s) => {
    const key = JSON.stringify(Object.entries(s.labels).sort());
    if (!rows.has(key)) rows.set(key, { ...s.labels });
    rows.get(key)[values[i]] = last(s);
  }));
  const named = new Set([...rows.values()].flatMap((r) => Object.keys(r)));
  const labels = [...named].filter((n) => !n.startsWith('Value')).sort();
  const shown = [...labels, ...values].filter((n) => !excludeByName[renameByName[n] || n] && !excludeByName[n]);
  const table = element(body, 'table');
  const head = element(table, 'tr');
  for (const name of shown) {
    element(head, 'th', renameByName[name] || name, values.includes(name) ? { class: 'value' } : {});
  }
  const order = [...rows.values()].sort((a, b) => (b[values[0]] ?? 0) - (a[values[0]] ?? 0));
  for (const row of order) {
    const line = element(table, 'tr');
    for (const name of shown) {
      const isValue = values.includes(name);
      const unit = units[renameByName[name]] || panel.fieldConfig.defaults.unit;
      const text = isValue ? (row[name] === undefined ? '' : formatted(row[name], unit)) : row[name] ?? '';
      element(line, 'td', text, isValue ? { class: 'value' } : {});
    }
  }
}

function drawText(body, panel) {
  const parts = panel.options.content.split('`');
  const node = element(body, 'div', null, { class: 'markdown' });
  parts.forEach((part, i) => element(node, i % 2 ? 'code' : 'span', part));
}

const DRAW = {
  stat: drawStat, gauge: drawGauge, bargauge: drawBarGauge, timeseries: drawTimeSeries, table: drawTable,
  text: drawText,
};
