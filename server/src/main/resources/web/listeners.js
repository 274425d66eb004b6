// Listeners, and one of them with its filter chains: where a connection goes.
import {el, fill, folded, json, link, pager, searchField, table, trail} from './build.js';
import {ask, configured} from './ask.js';

const SIZE = 50;

export function socket(address) {
  const at = address?.socket_address;
  return at ? `${at.address.includes(':') ? `[${at.address}]` : at.address}:${at.port_value}` : address?.pipe?.path ?? JSON.stringify(address ?? null);
}

export async function listeners(into, parameters) {
  const all = ((await ask('/listeners', {format: 'json'})).listener_statuses ?? []).map(status => ({
    name: status.name,
    bound: [status.local_address, ...status.additional_local_addresses ?? []].map(socket).join(', '),
  }));
  const list = el('div', {});
  let search = parameters.search ?? '';
  const draw = offset => {
    const wanted = search.toLowerCase();
    const found = all.filter(one => (one.name + ' ' + one.bound).toLowerCase().includes(wanted));
    fill(list, table(`${found.length} of ${all.length} listeners`, [
      {title: 'Name', cell: one => link(one.name, 'listener', {name: one.name})},
      {title: 'Bound to', cell: one => el('code', {}, one.bound)},
    ], found.slice(offset, offset + SIZE), 'No listener fits.'), pager(offset, SIZE, found.length, draw));
  };
  fill(into, el('h1', {}, 'Listeners'), searchField('Search names and addresses', search, text => {
    search = text;
    draw(0);
  }), list);
  draw(0);
}

/** The configuration of one listener: what serves, and what is wrong or on its way. */
export async function read(name) {
  const {found} = await configured(['dynamic_listeners', 'static_listeners'], name) ?? {};
  if (!found) {
    throw new Error(`there is no listener '${name}'`);
  }
  const resource = found[0];
  const state = resource.active_state ?? resource.warming_state ?? resource.draining_state ?? resource;
  return {resource, listener: state.listener ?? {}, version: state.version_info};
}

/** Chains in the order of the configuration, the one for all others at the end. */
export function chains(config) {
  const list = (config.filter_chains ?? []).map((chain, i) => ({chain, title: `Filter chain ${i + 1}`}));
  return config.default_filter_chain ? list.concat({chain: config.default_filter_chain, title: 'Default filter chain'}) : list;
}

export function isType(filter, name) {
  return (filter.typed_config?.['@type'] ?? '').endsWith('.' + name);
}

function match(chain) {
  const conditions = Object.entries(chain.filter_chain_match ?? {});
  return conditions.length === 0 ? el('p', {class: 'quiet'}, 'takes every connection that no other chain takes') : el('dl', {},
    conditions.map(([key, value]) => [el('dt', {}, key), el('dd', {}, words(value))]));
}

/** Values of a match, as short as they can be read. */
function words(value) {
  if (Array.isArray(value)) {
    return value.map(words).join(', ');
  }
  if (value?.address_prefix !== undefined) {
    return `${value.address_prefix}/${value.prefix_len ?? 0}`;
  }
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function targets(filter, listener, at) {
  const config = filter.typed_config ?? {};
  if (isType(filter, 'HttpConnectionManager')) {
    const chosen = config.rds
      ? ['routes ', link(config.rds.route_config_name, 'routes', {name: config.rds.route_config_name, listener})]
      : config.route_config
        ? [link(`routes ${config.route_config.name ?? ''}`.trim() + ' (inline)', 'routes', {listener, at})]
        : [config.scoped_routes ? `scoped routes ${config.scoped_routes.name}` : 'no routes'];
    return [el('p', {}, '→ ', chosen, config.stat_prefix ? ` · stat_prefix ${config.stat_prefix}` : ''),
      el('ol', {class: 'filters'}, (config.http_filters ?? []).map(one => el('li', {}, el('code', {}, one.name))))];
  }
  const clusters = config.cluster ? [{name: config.cluster}] : config.weighted_clusters?.clusters ?? [];
  return el('p', {}, clusters.map((one, i) => [i ? ', ' : '→ cluster ', link(one.name, 'cluster', {name: one.name}), one.weight ? ` (weight ${one.weight})` : '']));
}

function chainView({chain, title}, i, listener) {
  const transport = chain.transport_socket?.name;
  return el('section', {class: 'panel'},
    el('h2', {}, title, chain.name ? [' ', el('code', {}, chain.name)] : '', transport ? el('span', {class: 'tag'}, transport.replace('envoy.transport_sockets.', '')) : ''),
    match(chain),
    (chain.filters ?? []).map((filter, j) => el('div', {class: 'filter'}, el('h3', {}, el('code', {}, filter.name)), targets(filter, listener, `${i}.${j}`))));
}

export async function listener(into, {name, search = ''}) {
  const {resource, listener: config, version} = await read(name);
  const all = chains(config).map((one, i) => ({...one, i, text: JSON.stringify(one.chain).toLowerCase()}));
  const list = el('div', {});
  let wanted = search.toLowerCase();
  const draw = offset => {
    const found = all.filter(one => one.text.includes(wanted));
    fill(list, found.slice(offset, offset + 20).map(one => chainView(one, one.i, name)),
      found.length === 0 ? el('p', {class: 'quiet'}, 'No filter chain fits.') : null, pager(offset, 20, found.length, draw));
  };
  fill(into, trail(['Listeners', 'listeners'], [name, 'listener', {name}]), el('h1', {}, 'Listener ', el('code', {}, name)),
    el('p', {}, el('code', {}, config.address ? socket(config.address) : 'no address'),
      config.traffic_direction ? ` · ${config.traffic_direction}` : '', version ? ` · version ${version}` : ''),
    resource.error_state ? el('p', {class: 'error'}, 'The last update was refused: ' + resource.error_state.details) : null,
    config.listener_filters?.length ? el('p', {}, 'Listener filters: ', config.listener_filters.map(filter => filter.name).join(', ')) : null,
    all.length > 5 ? searchField('Search in filter chains', search, text => {
      wanted = text.toLowerCase();
      draw(0);
    }) : null,
    list, folded('Configuration as JSON', () => json(resource)));
  draw(0);
}
