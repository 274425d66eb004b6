// The first view: what is wrong, then rate, errors, latency and saturation of the whole process.
import {el, fill, renew, link, mark, table} from './build.js';
import {ask, data} from './ask.js';
import {bytes, number, percent, sparkline} from './chart.js';
import {History} from './signals.js';
import {expiring} from './certificates.js';

const EVERY = 2000;
const ALL = new History();
const EACH = new Map();
let latest;
let tellShown = () => {};

/** Reads the signals again and again, whatever is shown, so that the lines have a past. */
export function watch(state, may) {
  const again = async () => {
    if (may()) {
      try {
        latest = await data('signals');
        take(latest);
        state(latest);
        tellShown();
      } catch (e) {
        renew(document.getElementById('state'), mark('bad', e.message));
      }
    }
    setTimeout(again, EVERY);
  };
  again();
}

function requests(of) {
  return {rate: of.downstream_rq_total, failed: of.downstream_rq_5xx, refused: of.downstream_rq_4xx};
}

function take(now) {
  const cpu = now.cpu_ms < 0 ? {} : {cpu: now.cpu_ms};
  ALL.take(now.time_ms, {...requests(now.all), ...cpu},
    {active: now.all.downstream_rq_active, connections: now.all.downstream_cx_active, heap: now.heap_used / now.heap_max},
    now.all.downstream_rq_time);
  for (const one of now.http) {
    const history = EACH.get(one.name) ?? new History();
    EACH.set(one.name, history);
    history.take(now.time_ms, requests(one), {active: one.downstream_rq_active}, one.downstream_rq_time);
  }
  for (const one of now.tcp) {
    const history = EACH.get('tcp ' + one.name) ?? new History();
    EACH.set('tcp ' + one.name, history);
    history.take(now.time_ms, {rate: one.downstream_cx_total, received: one.downstream_cx_rx_bytes_total, sent: one.downstream_cx_tx_bytes_total}, {});
  }
}

/** A number, its name and its line; draw() gives its texts and lists anew. */
function card(title, draw) {
  const line = sparkline(title);
  const big = el('p', {class: 'big'});
  const small = el('p', {class: 'quiet'});
  const update = () => {
    const {value, note, lines} = draw();
    big.textContent = value;
    small.textContent = note;
    line.set(lines);
  };
  return {element: el('section', {class: 'card'}, el('h2', {}, title), big, line.picture, small), update};
}

function cards() {
  return [
    card('Requests', () => ({
      value: number(ALL.now('rate')) + ' /s',
      note: number(latest?.all.downstream_rq_total) + ' since the start',
      lines: [ALL.all('rate')],
    })),
    card('Errors', () => ({
      value: percent(ALL.now('rate') ? ALL.now('failed') / ALL.now('rate') : ALL.now('failed')),
      note: `5xx ${number(ALL.now('failed'))} /s, 4xx ${number(ALL.now('refused'))} /s`,
      lines: [ALL.all('failed')],
    })),
    card('Latency', () => ({
      value: 'p99 ' + number(ALL.now('p99')) + ' ms',
      note: `p50 ${number(ALL.now('p50'))} ms, p95 ${number(ALL.now('p95'))} ms`,
      lines: [ALL.all('p50'), ALL.all('p95'), ALL.all('p99')],
    })),
    card('In progress', () => ({
      value: number(ALL.now('active')) + ' requests',
      note: number(ALL.now('connections')) + ' connections',
      lines: [ALL.all('active')],
    })),
    card('Processor', () => {
      const used = ALL.all('cpu').map(ms => ms / 1000);
      return {
        value: used.length ? number(used.at(-1)) + ' cores' : '–',
        note: `${latest?.workers ?? '–'} workers`,
        lines: [used],
      };
    }),
    card('Memory', () => ({
      value: percent(ALL.now('heap')),
      note: latest ? `${bytes(latest.heap_used)} of ${bytes(latest.heap_max)} heap` : '',
      lines: [ALL.all('heap')],
    })),
  ];
}

function managers() {
  const of = one => EACH.get(one.name);
  const rows = latest?.http ?? [];
  return table('HTTP, by stat_prefix', [
    {title: 'Name', cell: one => one.name},
    {title: 'Requests /s', number: true, cell: one => number(of(one).now('rate'))},
    {title: '5xx /s', number: true, cell: one => number(of(one).now('failed'))},
    {title: '4xx /s', number: true, cell: one => number(of(one).now('refused'))},
    {title: 'p50 ms', number: true, cell: one => number(of(one).now('p50'))},
    {title: 'p99 ms', number: true, cell: one => number(of(one).now('p99'))},
    {title: 'In progress', number: true, cell: one => number(one.downstream_rq_active)},
  ], rows, 'No HTTP request has come yet.');
}

function proxies() {
  const of = one => EACH.get('tcp ' + one.name);
  return latest?.tcp.length ? table('TCP, by stat_prefix', [
    {title: 'Name', cell: one => one.name},
    {title: 'Connections /s', number: true, cell: one => number(of(one).now('rate'))},
    {title: 'Received /s', number: true, cell: one => bytes(Math.round(of(one).now('received') ?? 0))},
    {title: 'Sent /s', number: true, cell: one => bytes(Math.round(of(one).now('sent') ?? 0))},
  ], latest.tcp) : null;
}

function pressures() {
  return latest?.pressures.length ? el('p', {}, 'Overload: ', latest.pressures.map(p => `${p.name} ${p.percent} %  `)) : null;
}

/** What is wrong: the proxy's own list, and certificates near their ends. */
async function attention(into) {
  const [found, certificates] = await Promise.all([data('attention'), ask('/certs')]);
  const items = found.items.concat(expiring(certificates));
  items.sort((a, b) => (a.level === 'bad' ? 0 : 1) - (b.level === 'bad' ? 0 : 1));
  renew(into,
    el('h2', {}, 'Attention'),
    items.length === 0 ? el('p', {}, mark('ok', 'Nothing that this page knows of.')) : el('ul', {class: 'attention'}, items.map(item =>
      el('li', {}, mark(item.level, ''), item.cluster ? [link(item.cluster, 'cluster', {name: item.cluster}), ': '] : '', item.text,
        item.page ? [' ', link('look', item.page)] : ''))),
    found.more ? el('p', {class: 'quiet'}, `and ${found.more} more: `, link('clusters by health', 'clusters', {sort: 'health'})) : null,
    found.clusters_without_hosts
      ? el('p', {class: 'quiet'}, `${found.clusters_without_hosts} of ${found.clusters} clusters have no hosts.`) : null);
}

export async function overview(into) {
  const wrong = el('section', {class: 'panel', 'aria-live': 'polite'});
  const shown = cards();
  const tables = el('div', {});
  const draw = () => {
    shown.forEach(one => one.update());
    renew(tables, pressures(), managers(), proxies());
  };
  await attention(wrong);
  fill(into, el('h1', {class: 'hidden'}, 'Overview'), wrong, el('div', {class: 'cards'}, shown.map(one => one.element)), tables);
  draw();
  tellShown = () => into.isConnected && draw();
  return {every: 10_000, again: () => attention(wrong)};
}
