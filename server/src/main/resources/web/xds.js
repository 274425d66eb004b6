// What control planes sent, what became of it, and what is held.
import {el, fill, renew, folded, mark, pager, searchField, table} from './build.js';
import {ask, exactly} from './ask.js';
import {span} from './chart.js';

const SIZE = 50;
const TYPES = {lds: 'Listeners', rds: 'Routes', cds: 'Clusters', eds: 'Endpoints', sds: 'Secrets', ecds: 'Filters'};
/** No name is this: streams and updates alone are told. */
const NO_NAME = '^\\b$';

function ago(now, then) {
  return then === undefined ? '–' : span((Date.parse(now) - Date.parse(then)) / 1000) + ' ago';
}

function problem(now, of) {
  return of ? el('p', {class: 'error'}, `${ago(now, of.at)}${of.version ? `, version ${of.version}` : ''}: ${of.details}`) : null;
}

function stream(of, now) {
  return el('section', {class: 'panel'},
    el('h2', {}, of.control_plane, ' ', el('span', {class: 'tag'}, of.protocol)),
    el('p', {}, of.connected ? mark('ok', 'connected') : mark('bad', 'not connected'), ' since ' + ago(now, of.since),
      of.identifier ? ` · ${of.identifier}` : '', of.losses ? ` · lost ${of.losses} times` : ''),
    of.connected ? null : problem(now, of.last_loss),
    table('What was acknowledged', [
      {title: 'Type', cell: type => TYPES[type.type] ?? type.type},
      {title: 'Version', cell: type => el('code', {}, type.version || '–')},
      {title: 'Accepted', number: true, cell: type => type.acks},
      {title: 'Refused', cell: type => type.nacks ? mark('warn', String(type.nacks)) : '0'},
      {title: 'Last accepted', cell: type => ago(now, type.last_ack)},
      {title: 'Last refusal', cell: type => type.last_error ? `${ago(now, type.last_error.at)}: ${type.last_error.details}` : '–'},
    ], of.types, 'Nothing has been asked for yet.'));
}

function names(change, sign) {
  return change.count ? el('details', {class: 'inline'}, el('summary', {}, sign + change.count),
    change.names.join(', ') + (change.count > change.names.length ? ' …' : '')) : null;
}

function outcome(update) {
  return update.outcome === 'ack' ? mark('ok', 'accepted') : update.outcome === 'nack' ? [mark('bad', 'refused'), ' ', update.error] : mark('none', update.outcome);
}

function updates(list, now) {
  return table('The last updates', [
    {title: 'When', cell: update => ago(now, update.at)},
    {title: 'Type', cell: update => TYPES[update.type] ?? update.type},
    {title: 'Version', cell: update => el('code', {}, update.version || '–')},
    {title: 'Outcome', cell: outcome},
    {title: 'Took', number: true, cell: update => update.took_ms === undefined ? '–' : update.took_ms + ' ms'},
    {title: 'Added, changed, removed', cell: update => [names(update.added, '+'), names(update.changed, '~'), names(update.removed, '−')].filter(Boolean).length
      ? [names(update.added, '+'), names(update.changed, '~'), names(update.removed, '−')] : 'nothing'},
    {title: 'Drained', cell: update => update.drained.length ? update.drained.map(drain => `${drain.kind} ${drain.name}: ${drain.count} (${drain.connections} connections)`).join('; ') : '–'},
  ], list, 'No update has come.');
}

function state(resource) {
  return resource.error ? mark('bad', 'last update refused')
    : resource.warming ? mark('warn', resource.active ? 'update is warming' : 'warming')
      : resource.active ? mark('ok', 'serves') : mark('none', 'awaited');
}

/** The resources of one type, asked for when they are opened. */
async function resources(type) {
  const list = el('div', {});
  const found = async search => {
    const answer = await ask('/xds', {type, name_regex: search && '(?i)' + exactly(search)});
    const rank = resource => resource.error ? 0 : resource.warming ? 1 : 2;
    const all = answer.resources.sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name));
    const draw = offset => fill(list, table(`${all.length} resources, those that need a look first`, [
      {title: 'Name', cell: resource => resource.name},
      {title: 'State', cell: state},
      {title: 'Version', cell: resource => el('code', {}, resource.static ? 'static' : resource.active?.version || '–')},
      {title: 'Since', cell: resource => ago(answer.now, resource.active?.updated ?? resource.warming?.updated)},
      {title: 'Refused', cell: resource => resource.error ? `${ago(answer.now, resource.error.at)}: ${resource.error.details}` : '–'},
    ], all.slice(offset, offset + SIZE), 'None.'), pager(offset, SIZE, all.length, draw));
    draw(0);
  };
  await found('');
  return [searchField('Search names', '', text => found(text).catch(e => fill(list, el('p', {class: 'error'}, e.message)))), list];
}

export async function xds(into) {
  const live = el('div', {});
  const again = async () => {
    const answer = await ask('/xds', {name_regex: NO_NAME});
    renew(live, answer.streams.length ? answer.streams.map(one => stream(one, answer.now))
      : el('p', {class: 'panel'}, 'No control plane is asked: the configuration is static, or comes from files.'),
    answer.updates.length ? updates([...answer.updates].sort((a, b) => Date.parse(b.at) - Date.parse(a.at)), answer.now) : null);
  };
  await again();
  fill(into, el('h1', {}, 'xDS'), live, el('h2', {}, 'Resources'),
    Object.entries(TYPES).map(([type, title]) => folded(`${title} (${type})`, () => resources(type))));
  return {every: 10_000, again};
}
