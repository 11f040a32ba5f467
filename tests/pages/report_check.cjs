// SPDX-License-Identifier: Apache-2.0
// report_check.cjs PICTURES PAGE...: what a reader of the page meets, in Chromium.
'use strict';
const fs = require('fs');
const path = require('path');
const puppeteer = require('puppeteer-core');

const AXE = fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const WIDTHS = [1280, 390];
const SCHEMES = ['light', 'dark'];
let done = 0, failed = 0;

function check(holds, what) {
  done += 1;
  if (holds) return;
  failed += 1;
  console.log(`FAILED: ${what}`);
}

// What structure promises to those who do not see the page.
function structure() {
  const levels = [...document.querySelectorAll('h1,h2,h3,h4')].map((h) => Number(h.tagName[1]));
  const ids = [...document.querySelectorAll('[id]')].map((e) => e.id);
  const named = [...document.querySelectorAll('[aria-labelledby]')].map((e) => e.getAttribute('aria-labelledby'));
  return {
    oneTitle: levels.filter((l) => l === 1).length === 1 && levels[0] === 1,
    steps: levels.every((l, i) => i === 0 || l <= levels[i - 1] + 1),
    uniqueIds: new Set(ids).size === ids.length,
    names: named.every((id) => document.getElementById(id) !== null),
    scopes: [...document.querySelectorAll('th')].every((th) => th.hasAttribute('scope')),
    captions: [...document.querySelectorAll('table')].every((t) => t.caption !== null),
    landmarks: ['header', 'nav', 'main', 'footer'].every((l) => document.querySelectorAll(l).length === 1),
    language: document.documentElement.lang === 'en',
    links: [...document.querySelectorAll('a[href^="#"]')].every((a) => document.querySelector(a.getAttribute('href')) !== null),
    scripts: document.querySelectorAll('script').length,
    drawings: [...document.querySelectorAll('svg')].every((s) => s.getAttribute('role') === 'img' && s.querySelector('title') !== null),
  };
}

// By keyboard, from the top: each stop lies behind the one before, and shows that it has the focus.
async function focusOrder(page, name) {
  const stops = [];
  for (let i = 0; i < 200; i += 1) {
    await page.keyboard.press('Tab');
    const stop = await page.evaluate(() => {
      const e = document.activeElement;
      if (e === null || e === document.body) return null;
      const all = [...document.querySelectorAll('*')];
      const style = getComputedStyle(e);
      const shown = style.outlineStyle !== 'none' || e.classList.contains('skip');
      return {place: all.indexOf(e), shown, what: e.tagName + ' ' + (e.textContent || '').slice(0, 30)};
    });
    if (stop === null || (stops.length > 0 && stop.place === stops[0].place)) break;
    stops.push(stop);
  }
  check(stops.length > 3, `${name}: ${stops.length} stops by keyboard`);
  check(stops.every((s, i) => i === 0 || s.place > stops[i - 1].place), `${name}: focus goes in the order of reading`);
  const hidden = stops.filter((s) => !s.shown);
  check(hidden.length === 0, `${name}: focus cannot be seen at ${hidden.map((s) => s.what).slice(0, 3)}`);
}

async function look(browser, file, width, scheme, pictures) {
  const name = `${path.basename(file, '.html')} ${width} ${scheme}`;
  const page = await browser.newPage();
  const errors = [], requests = [];
  page.on('console', (m) => { if (m.type() === 'error' || m.type() === 'warn') errors.push(m.text()); });
  page.on('pageerror', (e) => errors.push(String(e)));
  page.on('request', (r) => requests.push(r.url()));
  await page.setViewport({width, height: 900});
  await page.emulateMediaFeatures([{name: 'prefers-color-scheme', value: scheme}]);
  await page.goto('file://' + path.resolve(file));
  await page.screenshot({path: path.join(pictures, name.replaceAll(' ', '-') + '.png'), fullPage: true});
  const wide = await page.evaluate(() => document.scrollingElement.scrollWidth);
  check(wide <= width, `${name}: the page is ${wide} wide`);
  const inner = await page.evaluate(() => [...document.querySelectorAll('main *')]
    .filter((e) => e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).overflowX !== 'visible').length);
  check(inner === 0, `${name}: ${inner} parts scroll sideways`);
  for (const [what, holds] of Object.entries(await page.evaluate(structure))) {
    check(what === 'scripts' ? holds === 0 : holds, `${name}: ${what}`);
  }
  await page.evaluate(AXE);
  const axe = await page.evaluate(async () => {
    const r = await window.axe.run(document, {resultTypes: ['violations']});
    return {violations: r.violations.map((v) => ({id: v.id, impact: v.impact, nodes: v.nodes.length,
                                                   first: v.nodes[0].html.slice(0, 160)})), passes: r.passes.length};
  });
  const grave = axe.violations.filter((v) => v.impact === 'serious' || v.impact === 'critical');
  check(grave.length === 0, `${name}: axe: ${JSON.stringify(grave)}`);
  const mild = axe.violations.filter((v) => !grave.includes(v));
  console.log(`${name}: axe ${axe.passes} rules passed, ${grave.length} serious or critical, ${mild.length} minor` +
              (mild.length > 0 ? ' ' + JSON.stringify(mild) : ''));
  await focusOrder(page, name);
  check(errors.length === 0, `${name}: ${errors}`);
  check(requests.length === 1, `${name}: requests ${requests}`);
  await page.close();
}

async function print(browser, file, pictures) {
  const page = await browser.newPage();
  await page.goto('file://' + path.resolve(file));
  await page.pdf({path: path.join(pictures, path.basename(file, '.html') + '.pdf'), format: 'A4', preferCSSPageSize: true});
  await page.emulateMediaFeatures([{name: 'prefers-color-scheme', value: 'dark'}]);
  await page.emulateMediaType('print');
  await page.setViewport({width: 794, height: 1123});
  const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  check(ground === 'rgb(255, 255, 255)', `${file}: printed on ${ground} though the screen is dark`);
  await page.screenshot({path: path.join(pictures, path.basename(file, '.html') + '-print.png'), fullPage: true});
  await page.close();
}

async function main() {
  const [pictures, ...files] = process.argv.slice(2);
  const browser = await puppeteer.launch({
    executablePath: process.env.CHROMIUM || '/usr/bin/chromium', headless: true, protocolTimeout: 900_000,
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--disable-background-networking']});
  try {
    for (const file of files) {
      for (const width of WIDTHS) {
        for (const scheme of SCHEMES) await look(browser, file, width, scheme, pictures);
      }
      await print(browser, file, pictures);
    }
  } finally {
    await browser.close();
  }
  console.log(`${done} checks, ${failed} failed`);
  process.exit(failed > 0 || done === 0 ? 1 : 0);
}

main();
