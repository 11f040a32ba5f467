// SPDX-License-Identifier: Apache-2.0
// Values as the units of the panels write them, and the colours of thresholds.
'use strict';

const COLORS = {
  green: '#73bf69', red: '#f2495c', 'dark-red': '#c4162a', orange: '#ff9830', yellow: '#fade2a', blue: '#5794f2',
  'light-blue': '#8ab8ff', purple: '#b877d9',
};
const PALETTE = ['#73bf69', '#f2cc0c', '#5794f2', '#ff9830', '#f2495c', '#b877d9', '#8ab8ff', '#96d98d', '#ffb357',
  '#ca95e5', '#fade2a', '#c0d8ff'];

const colorOf = (name) => COLORS[name] || name;

function scaled(value, base, names, digits) {
  let step = 0;
  let v = Math.abs(value);
  while (v >= base && step < names.length - 1) {
    v /= base;
    step += 1;
  }
  const whole = step === 0 && Number.isInteger(value);
  const places = digits ?? (whole ? 0 : v < 10 ? 2 : v < 100 ? 1 : 0);
  return `${value < 0 ? '-' : ''}${v.toFixed(places)}${names[step]}`;
}

function duration(seconds) {
  const s = Math.abs(seconds);
  if (s > 0 && s < 1) return `${(seconds * 1000).toFixed(s < 0.01 ? 2 : 0)} ms`;
  if (s < 120) return `${seconds.toFixed(s < 10 ? 1 : 0)} s`;
  if (s < 7200) return `${(seconds / 60).toFixed(1)} min`;
  return s < 172800 ? `${(seconds / 3600).toFixed(1)} h` : `${(seconds / 86400).toFixed(1)} d`;
}

function formatted(value, unit, digits) {
  if (value === null || value === undefined || Number.isNaN(value)) return 'no data';
  const thousands = ['', ' K', ' M', ' G', ' T'];
  switch (unit) {
    case 'bytes': return scaled(value, 1024, [' B', ' KiB', ' MiB', ' GiB', ' TiB'], digits);
    case 'Bps': return scaled(value, 1000, [' B/s', ' kB/s', ' MB/s', ' GB/s'], digits);
    case 'bps': return scaled(value, 1000, [' b/s', ' kb/s', ' Mb/s', ' Gb/s'], digits);
    case 'pps': return scaled(value, 1000, [' p/s', ' kp/s', ' Mp/s'], digits);
    case 'cps': return scaled(value, 1000, [' c/s', ' kc/s', ' Mc/s'], digits);
    case 'percentunit': return `${(value * 100).toFixed(digits ?? 1)}%`;
    case 's': return duration(value);
    case 'd': return `${value.toFixed(digits ?? 1)} days`;
    case 'dateTimeAsIso': return new Date(value).toISOString().slice(0, 19).replace('T', ' ');
    default: return scaled(value, 1000, thousands, digits);
  }
}

function thresholdColor(value, defaults) {
  let color = 'blue';
  for (const step of defaults.thresholds.steps) {
    if (step.value === null || value >= step.value) color = step.color;
  }
  return colorOf(color);
}

// A value that the panel gives words of its own: {text, color}, else null.
function mapped(value, defaults) {
  for (const mapping of defaults.mappings || []) {
    const found = mapping.options[String(value)];
    if (found) return found;
  }
  return null;
}
