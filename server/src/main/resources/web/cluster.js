// One cluster: its signals, its circuit breakers, its hosts.
import {el, fill, renew, folded, json, mark, pager, searchField, table, trail} from './build.js';
import {configured, data} from './ask.js';
import {number, percent, sparkline} from './chart.js';
import {History} from './signals.js';
import {health} from './clusters.js';

const SIZE = 50;

function take(history, hosts, now) {
  history.take(now.time_ms, {
    rate: now.upstream_rq_total, failed: now.upstream_rq_5xx, retries: now.upstream_rq_retry, timeouts: now.upstream_rq_timeout,
    unconnected: now.upstream_cx_connect_fail, overflow: now.upstream_rq_pending_overflow,
  }, {active: now.upstream_rq_active, pending: now.upstream_rq_pending_active}, now.upstream_rq_time);
  for (const host of now.hosts) {
    const of = hosts.get(host.address) ?? new History(2);
    hosts.set(host.address, of);
    of.take(now.time_ms, {rate: host.rq_total, failed: host.rq_error}, {});
  }
}

function cards(history) {
  const made = [
    ['Requests', h => number(h.now('rate')) + ' /s', h => `retries ${number(h.now('retries'))} /s`, ['rate']],
    ['Errors', h => percent(h.now('rate') ? h.now('failed') / h.now('rate') : h.now('failed')),
      h => `5xx ${number(h.now('failed'))}, timeouts ${number(h.now('timeouts'))}, failed connects ${number(h.now('unconnected'))} /s`, ['failed', 'unconnected']],
    ['Latency', h => 'p99 ' + number(h.now('p99')) + ' ms', h => `p50 ${number(h.now('p50'))} ms, p95 ${number(h.now('p95'))} ms`, ['p50', 'p95', 'p99']],
    ['In progress', h => number(h.now('active')), h => `waiting ${number(h.now('pending'))}, overflow ${number(h.now('overflow'))} /s`, ['active', 'pending']],
  ].map(([title, value, note, lists]) => {
    const line = sparkline(title);
    const big = el('p', {class: 'big'});
    const small = el('p', {class: 'quiet'});
    return {element: el('section', {class: 'card'}, el('h2', {}, title), big, line.picture, small), update: () => {
      big.textContent = value(history);
      small.textContent = note(history);
      line.set(lists.map(name => history.all(name)));
    }};
  });
  return {element: el('div', {class: 'cards'}, made.map(one => one.element)), update: () => made.forEach(one => one.update())};
}

function breakers(now) {
  const open = Object.entries(now.breakers).filter(([, value]) => value !== 0).map(([name]) => name.replace('circuit_breakers.', ''));
  return el('p', {}, open.length ? mark('bad', 'Open circuit breakers: ' + open.join(', ')) : mark('ok', 'No circuit breaker is open'),
    now['outlier_detection.ejections_active'] ? [' ', mark('warn', now['outlier_detection.ejections_active'] + ' hosts are ejected')] : '');
}

function hostState(host) {
  return host.healthy ? mark('ok', 'healthy') : mark(host.degraded ? 'warn' : 'bad', host.health.slice(1).replaceAll('/', ', ').replaceAll('_', ' '));
}

function hostTable(now, hosts) {
  return table(`${now.found} of ${now.hosts_total} hosts`, [
    {title: 'Address', cell: host => [el('code', {}, host.address), host.hostname ? el('span', {class: 'quiet'}, ' ' + host.hostname) : '']},
    {title: 'State', cell: hostState},
    {title: 'Requests /s', number: true, cell: host => number(hosts.get(host.address).now('rate'))},
    {title: 'Errors /s', number: true, cell: host => number(hosts.get(host.address).now('failed'))},
    {title: 'Requests', number: true, cell: host => number(host.rq_total)},
    {title: 'In progress', number: true, cell: host => number(host.rq_active)},
    {title: 'Failed connects', number: true, cell: host => number(host.cx_connect_fail)},
    {title: 'Weight', number: true, cell: host => host.weight},
    {title: 'Priority', number: true, cell: host => host.priority},
    {title: 'Locality', cell: host => host.locality.replace(/^\/+|\/+$/g, '') || '–'},
  ], now.hosts, 'No hosts.');
}

async function configuration(name) {
  const {found} = await configured(['dynamic_active_clusters', 'static_clusters', 'dynamic_warming_clusters'], name) ?? {};
  return found ? json(found[0]) : el('p', {class: 'quiet'}, 'not in /config_dump');
}

export async function cluster(into, {name}) {
  const history = new History();
  const hosts = new Map();
  const state = {search: '', offset: 0};
  const shown = cards(history);
  const facts = el('div', {});
  const list = el('div', {});
  const again = async (show = renew) => {
    const now = await data('cluster', {name, ...state, limit: SIZE});
    take(history, hosts, now);
    shown.update();
    renew(facts, el('p', {}, health(now.healthy, now.hosts_total), ` · ${now.discovery} · statistics `, el('code', {}, now.stat_root), now.added_via_api ? ' · from the control plane' : ''), breakers(now));
    show(list, hostTable(now, hosts), pager(now.offset, SIZE, now.found, offset => {
      state.offset = offset;
      again(fill);
    }));
  };
  try {
    await again();
  } catch (e) {
    if (e.status === 404) {
      throw new Error(e.message + ': requests that are sent there are answered with 503');
    }
    throw e;
  }
  fill(into, trail(['Clusters', 'clusters'], [name, 'cluster']), el('h1', {}, 'Cluster ', el('code', {}, name)), facts, shown.element,
    searchField('Search hosts', '', text => {
      Object.assign(state, {search: text, offset: 0});
      again(fill);
    }), list, folded('Configuration as JSON', () => configuration(name)));
  return {every: 2000, again: () => again()};
}
