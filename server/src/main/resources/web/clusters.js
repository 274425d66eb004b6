// Clusters, a page of them at a time, with what they do now.
import {el, fill, renew, link, mark, pager, searchField, table} from './build.js';
import {data} from './ask.js';
import {number} from './chart.js';
import {History} from './signals.js';

const SIZE = 50;
const ORDERS = {name: 'Name', requests: 'Most requests', errors: 'Most errors', health: 'Least healthy'};

export function health(healthy, hosts) {
  return hosts === 0 ? mark('none', 'no hosts') : mark(healthy === hosts ? 'ok' : healthy === 0 ? 'bad' : 'warn', `${healthy} of ${hosts}`);
}

export async function clusters(into, parameters) {
  const state = {search: parameters.search ?? '', sort: parameters.sort in ORDERS ? parameters.sort : 'name', offset: 0};
  const seen = new Map();
  const list = el('div', {});
  let asked = 0;
  const again = async (show = renew) => {
    const mine = ++asked;
    const answer = await data('clusters', {...state, limit: SIZE});
    if (mine !== asked) {
      return;
    }
    for (const one of answer.clusters) {
      const history = seen.get(one.name) ?? new History(2);
      seen.set(one.name, history);
      history.take(answer.time_ms, {rate: one.upstream_rq_total, failed: one.upstream_rq_5xx}, {});
    }
    show(list, table(`${answer.found} of ${answer.total} clusters`, [
      {title: 'Name', cell: one => link(one.name, 'cluster', {name: one.name})},
      {title: 'Healthy', cell: one => health(one.healthy, one.hosts)},
      {title: 'Requests /s', number: true, cell: one => number(seen.get(one.name).now('rate'))},
      {title: '5xx /s', number: true, cell: one => number(seen.get(one.name).now('failed'))},
      {title: 'Requests', number: true, cell: one => number(one.upstream_rq_total)},
      {title: 'In progress', number: true, cell: one => number(one.upstream_rq_active)},
      {title: 'Connections', number: true, cell: one => number(one.upstream_cx_active)},
    ], answer.clusters, 'No cluster fits.'), pager(answer.offset, SIZE, answer.found, offset => {
      state.offset = offset;
      tried();
    }));
  };
  const tried = () => again(fill).catch(e => fill(list, el('p', {class: 'error'}, e.message)));
  const order = el('select', {onchange: () => {
    Object.assign(state, {sort: order.value, offset: 0});
    tried();
  }}, Object.entries(ORDERS).map(([value, text]) => el('option', {value, selected: value === state.sort}, text)));
  fill(into, el('h1', {}, 'Clusters'), el('div', {class: 'fields'},
    searchField('Search names', state.search, text => {
      Object.assign(state, {search: text, offset: 0});
      tried();
    }), el('label', {class: 'field'}, el('span', {}, 'Order'), order)), list);
  await again(fill);
  return {every: 3000, again: () => again()};
}
