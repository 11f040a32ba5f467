// SPDX-License-Identifier: Apache-2.0
// Reads a dashboard, asks its queries of the Prometheus behind /api, and draws it. A preview, not Grafana.
//   preview.html?board=gander-overview&seconds=60
'use strict';

const parameters = new URLSearchParams(window.location.search);
const SECONDS = Number(parameters.get('seconds') || 60);

const expanded = (e) => e.replaceAll('$__rate_interval', '10s').replaceAll('$instance', '.*');

function nameOf(legend, labels) {
  if (legend) return legend.replace(/\{\{\s*(\w+)\s*\}\}/g, (_, label) => labels[label] ?? '');
  return Object.values(labels).join(' ');
}

async function ask(target) {
  const now = Math.floor(Date.now() / 1000);
  const range = target.range;
  const query = new URLSearchParams({ query: expanded(target.expr) });
  if (range) {
    query.set('start', now - SECONDS);
    query.set('end', now);
    query.set('step', Math.max(1, Math.round(SECONDS / 120)));
  }
  const answer = await fetch(`/api/v1/${range ? 'query_range' : 'query'}?${query}`);
  const { status, data, error } = await answer.json();
  if (status !== 'success') throw new Error(`${error}: ${target.expr}`);
  return data.result.map((row) => ({
    labels: row.metric,
    name: nameOf(target.legendFormat, row.metric),
    points: (row.values || [row.value]).map(([t, v]) => [t, Number(v)]),
  }));
}

async function drawPanel(main, panel) {
  const { x, y, w, h } = panel.gridPos;
  const section = element(main, 'section', null, { class: panel.type, title: panel.description || '' });
  section.style.gridColumn = `${x + 1} / span ${w}`;
  section.style.gridRow = `${y + 1} / span ${h}`;
  section.dataset.type = panel.type;
  if (panel.type === 'row') {
    section.textContent = panel.title;
    return 'drawn';
  }
  element(section, 'h2', panel.title);
  const body = element(section, 'div', null, { class: 'body' });
  const frames = await Promise.all((panel.targets || []).map(ask));
  if (panel.type !== 'text' && frames.flat().length === 0) {
    element(body, 'div', 'No data', { class: 'none' });
    return 'no data';
  }
  DRAW[panel.type](body, panel, frames);
  return 'drawn';
}

async function main() {
  const board = await (await fetch(`/dashboards/${parameters.get('board')}.json`)).json();
  document.querySelector('h1').textContent = board.title;
  document.querySelector('header p').textContent = `${board.description} (preview, not Grafana)`;
  const place = document.querySelector('main');
  const outcome = await Promise.all(board.panels.map(async (panel) => {
    try {
      return [panel.title, panel.type, await drawPanel(place, panel)];
    } catch (error) {
      return [panel.title, panel.type, `failed: ${error.message}`];
    }
  }));
  element(document.body, 'script', JSON.stringify(outcome), { type: 'application/json', id: 'outcome' });
  document.title = 'done';
}

main();
