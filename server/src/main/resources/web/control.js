// Log levels, and what else can be changed where the operator lets this page.
import {el, fill, table} from './build.js';
import {act, data, sure} from './ask.js';

const LEVELS = ['trace', 'debug', 'info', 'warning', 'error', 'critical', 'off'];
const ORDERS = [
  ['Drain listeners gracefully', '/drain_listeners', {graceful: '1'}, 'Clients are asked to leave, and after the drain time the listeners close. They do not open again.'],
  ['Drain inbound listeners gracefully', '/drain_listeners', {graceful: '1', inboundonly: '1'}, 'The same for listeners whose traffic_direction is INBOUND.'],
  ['Fail health checks', '/healthcheck/fail', {}, 'The health_check filter answers 503, /ready too: traffic goes elsewhere.'],
  ['Pass health checks', '/healthcheck/ok', {}, 'The opposite of failing them.'],
  ['Reopen access logs', '/reopen_logs', {}, 'After they have been rotated.'],
  ['Reset counters', '/reset_counters', {}, 'All counters become zero; whoever reads rates sees a gap.'],
];

function levelField(name, level, told) {
  const select = el('select', {'aria-label': 'Level of ' + name, onchange: () => told(act('/logging', {[name]: select.value}))},
    LEVELS.map(one => el('option', {value: one, selected: one === level}, one)));
  return select;
}

function order([text, path, parameters, explanation], told) {
  return el('div', {class: 'order'}, el('button', {type: 'button', onclick: async () => {
    if (await sure(text + '? ' + explanation)) {
      told(act(path, parameters));
    }
  }}, text), el('span', {class: 'quiet'}, explanation));
}

export async function control(into) {
  const [levels, {writes}] = await Promise.all([data('loggers'), data('signals')]);
  const note = el('p', {role: 'status', class: 'note'});
  const told = work => work.then(() => note.textContent = 'Done.', e => note.textContent = 'Not done: ' + e.message);
  fill(into, el('h1', {}, 'Control'),
    writes ? null : el('p', {class: 'panel'}, 'Read-only: this page changes nothing, as the proxy was started without ', el('code', {}, '--admin-ui-writes'), '.'),
    note,
    writes ? el('section', {}, el('h2', {}, 'Orders'), ORDERS.map(one => order(one, told))) : null,
    el('section', {}, el('h2', {}, 'Log levels'), table('By component', [
      {title: 'Component', cell: ([name]) => name},
      {title: 'Level', cell: ([name, level]) => writes ? levelField(name, level, told) : level},
    ], Object.entries(levels))));
}
