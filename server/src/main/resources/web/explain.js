// The form of /explain: why a request goes where it goes, as what serves requests says it.
import {el, fill, address, folded, link, mark, table} from './build.js';
import {ask} from './ask.js';

const FIELDS = [
  {name: 'url', label: 'URL or path', hint: 'http://shop.example/items/7', wide: true},
  {name: 'method', label: 'Method', hint: 'GET'},
  {name: 'listener', label: 'Listener', list: true},
  {name: 'headers', label: 'Headers, a line each', hint: 'x-user: anna', area: true, wide: true},
];
const MORE = [
  {name: 'destination', label: 'Destination (address:port that the client connects to)', hint: '10.0.0.1:80'},
  {name: 'source', label: 'Source (address of the client)', hint: '10.1.2.3'},
  {name: 'sni', label: 'Server name of its TLS', hint: 'shop.example'},
  {name: 'alpn', label: 'Protocols of its TLS, by commas', hint: 'h2,http/1.1'},
];

function field({name, label, hint, area, list, wide}, parameters) {
  const made = area
    ? el('textarea', {name, rows: 3, placeholder: hint, spellcheck: 'false'}, parameters[name] ?? '')
    : el('input', {name, value: parameters[name], placeholder: hint, list: list && 'listener-names', autocomplete: 'off', spellcheck: 'false'});
  return el('label', {class: wide ? 'field wide' : 'field'}, el('span', {}, label), made);
}

function form(parameters, names) {
  const asked = el('form', {class: 'panel', onsubmit: event => {
    event.preventDefault();
    const given = Object.fromEntries([...new FormData(asked)].filter(([, value]) => value !== ''));
    const to = address('explain', given);
    if (to === location.hash) {
      dispatchEvent(new HashChangeEvent('hashchange'));
    } else {
      location.hash = to;
    }
  }},
  el('div', {class: 'fields'}, FIELDS.map(one => field(one, parameters))),
  el('datalist', {id: 'listener-names'}, names.map(name => el('option', {value: name}))),
  el('details', {open: MORE.some(one => parameters[one.name])}, el('summary', {}, 'The connection it comes by'), el('div', {class: 'fields'}, MORE.map(one => field(one, parameters)))),
  el('button', {type: 'submit'}, 'Explain'));
  return asked;
}

const words = name => name.replaceAll('_', ' ');

/** Facts of any shape: names and values, tables of what is alike, and what is below. */
function facts(value) {
  if (Array.isArray(value)) {
    if (value.length === 0) {
      return el('span', {class: 'quiet'}, 'none');
    }
    if (value.every(item => typeof item !== 'object')) {
      return value.join(', ');
    }
    const flat = value.every(item => Object.values(item).every(inner => typeof inner !== 'object'));
    return flat ? rows(value) : el('ol', {}, value.map(item => el('li', {}, facts(item))));
  }
  if (typeof value === 'object' && value !== null) {
    return el('dl', {}, Object.entries(value).map(([name, inner]) => [el('dt', {}, words(name)), el('dd', {}, facts(inner))]));
  }
  return value === '' ? el('span', {class: 'quiet'}, 'empty') : String(value);
}

function rows(list, caption = '') {
  const names = [...new Set(list.flatMap(item => Object.keys(item)))];
  return table(caption, names.map(name => ({title: words(name), cell: item => item[name] === undefined ? '' : facts(item[name])})), list);
}

/** The way in one line: each place that has a view of its own is a link there. */
function way(said) {
  const listener = said.listener?.name;
  const cluster = said.cluster?.name;
  const steps = [
    listener && ['listener ', link(listener, 'listener', {name: listener})],
    said.listener?.handed_to && `handed to ${said.listener.handed_to}`,
    said.filter_chain?.found && `filter chain ${said.filter_chain.name || 'without a name'}`,
    said.virtual_host?.name && `virtual host ${said.virtual_host.name}`,
    said.route?.found && `route ${said.route.name || '#' + (said.route.position + 1)} (${said.route.match})`,
    cluster && ['cluster ', link(cluster, 'cluster', {name: cluster})],
    said.outcome && [said.outcome.what, said.outcome.status, said.outcome.details].filter(Boolean).join(' '),
  ].filter(Boolean);
  return el('ol', {class: 'way'}, steps.map(step => el('li', {}, step)));
}

function passed(said) {
  const chains = said.filter_chain?.not_matched ?? [];
  const routes = said.not_matched ?? [];
  const place = item => item.name || '#' + (item.position + 1);
  const why = item => item.why ?? `wanted ${item.wanted}, found ${item.found === '' ? 'nothing' : item.found ?? 'nothing'}`;
  const shown = (caption, list, left) => list.length === 0 ? null : [table(caption, [
    {title: 'Which', cell: place},
    {title: 'Match', cell: item => el('code', {}, item.match ?? '–')},
    {title: 'Condition', cell: item => item.condition ?? '–'},
    {title: 'Why not', cell: why},
  ], list), left ? el('p', {class: 'quiet'}, `and ${left} more`) : null];
  return [shown('Filter chains that did not match', chains, said.filter_chain?.not_matched_left_out),
    shown('Routes before it that did not match', routes, said.not_matched_left_out)];
}

function filters(said) {
  return ['listener_filters', 'network_filters', 'http_filters'].filter(name => said[name]?.length).map(name =>
    said[name].every(item => Object.values(item).every(inner => typeof inner !== 'object'))
      ? rows(said[name], words(name))
      : el('section', {}, el('h3', {}, words(name)), facts(said[name])));
}

/** What has no place of its own above. */
const SHOWN = ['listener_filters', 'network_filters', 'http_filters', 'not_matched', 'not_matched_left_out', 'error'];

async function answer(parameters) {
  const said = await ask('/explain', parameters);
  const routed = said.result === 'routed';
  const rest = Object.entries(said).filter(([name]) => !SHOWN.includes(name));
  const short = Object.fromEntries(rest.filter(([, value]) => typeof value !== 'object'));
  return [el('section', {class: 'panel', role: 'status'}, el('h2', {}, mark(routed ? 'ok' : 'bad', routed ? 'It goes on' : 'It does not go on')),
    said.error ? el('p', {}, said.error) : null, way(said), facts(short)),
  passed(said), filters(said),
  rest.filter(([name]) => !(name in short)).map(([name, value]) => folded(words(name), () => facts(value), said.error !== undefined))];
}

export async function explain(into, parameters) {
  const names = ((await ask('/listeners', {format: 'json'})).listener_statuses ?? []).map(status => status.name);
  const result = el('div', {});
  fill(into, el('h1', {}, 'Explain'), el('p', {class: 'quiet'}, 'Where would this request go, and why? Nothing is sent.'), form(parameters, names), result);
  if (parameters.url) {
    try {
      fill(result, await answer(parameters));
    } catch (e) {
      fill(result, el('p', {class: 'error', role: 'alert'}, e.message));
    }
  }
}
