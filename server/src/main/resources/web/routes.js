// One table of routes: virtual hosts, and what they do with which request, in the order of the match.
import {el, fill, folded, json, link, pager, searchField, table, trail} from './build.js';
import {configured} from './ask.js';
import {chains, read} from './listeners.js';

const SIZE = 25;

async function find({name, listener, at}) {
  if (name) {
    const {found} = await configured(['dynamic_route_configs', 'static_route_configs'], name) ?? {};
    if (!found) {
      throw new Error(`there are no routes '${name}' (requests that need them get a 404)`);
    }
    return {config: found[0].route_config ?? {}, version: found[0].version_info, error: found[0].error_state};
  }
  const [chain, filter] = at.split('.').map(Number);
  const config = chains((await read(listener)).listener)[chain]?.chain.filters?.[filter]?.typed_config?.route_config;
  if (!config) {
    throw new Error('the listener has no such routes any more');
  }
  return {config};
}

/** What a string or header has to be. */
function test(matcher) {
  const [kind, value] = Object.entries(matcher ?? {}).find(([key]) => !['name', 'ignore_case', 'invert_match'].includes(key)) ?? ['present', ''];
  const text = kind === 'string_match' ? test(value) : kind === 'safe_regex' ? `~ ${value.regex}` : typeof value === 'object' ? `${kind} ${JSON.stringify(value)}` : `${kind.replace('_match', '')} ${value}`;
  return (matcher?.invert_match ? 'not ' : '') + text;
}

function condition(match = {}) {
  const parts = [];
  for (const [key, value] of Object.entries(match)) {
    if (['prefix', 'path', 'path_separated_prefix'].includes(key)) {
      parts.push(`${key} ${value}`);
    } else if (key === 'safe_regex') {
      parts.push(`regex ${value.regex}`);
    } else if (key === 'headers' || key === 'query_parameters') {
      value.forEach(one => parts.push(`${key === 'headers' ? 'header' : 'query'} ${one.name}: ${test(one)}`));
    } else {
      parts.push(value && typeof value === 'object' && Object.keys(value).length === 0 ? key : `${key} ${typeof value === 'object' ? JSON.stringify(value) : value}`);
    }
  }
  return parts.map((part, i) => [i ? el('br') : '', el('code', {}, part)]);
}

function cluster(name) {
  return link(name, 'cluster', {name});
}

function action(route) {
  const to = route.route;
  if (to) {
    const extra = [to.prefix_rewrite && `prefix becomes ${to.prefix_rewrite}`, to.host_rewrite_literal && `host becomes ${to.host_rewrite_literal}`,
      to.timeout && `timeout ${to.timeout}`, to.retry_policy && `retry on ${to.retry_policy.retry_on ?? 'nothing'}`].filter(Boolean).join(' · ');
    const where = to.cluster ? cluster(to.cluster)
      : to.weighted_clusters ? to.weighted_clusters.clusters.map((one, i) => [i ? ', ' : '', one.name ? cluster(one.name) : `header ${one.cluster_header}`, ` (${one.weight ?? 0})`])
        : to.cluster_header ? `cluster named by header ${to.cluster_header}` : 'cluster by plugin';
    return ['→ ', where, extra ? el('span', {class: 'quiet'}, ' ' + extra) : ''];
  }
  if (route.redirect) {
    return 'redirect ' + JSON.stringify(route.redirect);
  }
  if (route.direct_response) {
    return `answers ${route.direct_response.status}`;
  }
  return route.non_forwarding_action ? 'non-forwarding' : JSON.stringify(route);
}

function routeTable(host) {
  const rows = (host.routes ?? []).map((route, i) => ({route, i}));
  return [table('The first that fits is taken', [
    {title: '#', number: true, cell: row => row.i + 1},
    {title: 'Match', cell: row => condition(row.route.match)},
    {title: 'Action', cell: row => action(row.route)},
    {title: 'Name', cell: row => row.route.name ?? '–'},
  ], rows.slice(0, 500), 'No routes.'),
  rows.length > 500 ? el('p', {class: 'quiet'}, `and ${rows.length - 500} more, in the JSON`) : null,
  folded('JSON', () => json(host))];
}

export async function routes(into, parameters) {
  const {config, version, error} = await find(parameters);
  const title = parameters.name ?? config.name ?? '';
  const all = (config.virtual_hosts ?? []).map(host => ({host, text: JSON.stringify(host).toLowerCase()}));
  const list = el('div', {});
  let search = parameters.search ?? '';
  const draw = offset => {
    const found = all.filter(one => one.text.includes(search.toLowerCase()));
    fill(list, found.slice(offset, offset + SIZE).map(({host}) => folded(
      [el('strong', {}, host.name), ' ', el('span', {class: 'quiet'}, (host.domains ?? []).slice(0, 8).join(', ') + ((host.domains ?? []).length > 8 ? ' …' : '')),
        ` · ${(host.routes ?? []).length} routes`], () => routeTable(host), found.length <= 3)),
    found.length === 0 ? el('p', {class: 'quiet'}, 'No virtual host fits.') : null, pager(offset, SIZE, found.length, draw));
  };
  const from = parameters.listener ? [[parameters.listener, 'listener', {name: parameters.listener}]] : [];
  fill(into, trail(['Listeners', 'listeners'], ...from, [`Routes ${title}`, 'routes']), el('h1', {}, 'Routes ', el('code', {}, title)),
    el('p', {}, `${all.length} virtual hosts`, version ? ` · version ${version}` : ''),
    error ? el('p', {class: 'error'}, 'The last update was refused: ' + error.details) : null,
    searchField('Search names, domains, paths, clusters', search, text => {
      search = text;
      draw(0);
    }), list);
  draw(0);
}
