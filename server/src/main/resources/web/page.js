// The frame: which view is shown, and when it is asked to look again.
import {el, fill, renew, address, mark} from './build.js';
import {ask} from './ask.js';
import {span} from './chart.js';
import {overview, watch} from './overview.js';
import {listeners, listener} from './listeners.js';
import {routes} from './routes.js';
import {clusters} from './clusters.js';
import {cluster} from './cluster.js';
import {certificates} from './certificates.js';
import {xds} from './xds.js';
import {explain} from './explain.js';
import {control} from './control.js';

/** By the first word of the path: what is shown, and its name in the list of pages. */
const VIEWS = {
  '': {show: overview, title: 'Overview'},
  listeners: {show: listeners, title: 'Listeners'},
  listener: {show: listener, within: 'listeners'},
  routes: {show: routes, within: 'listeners'},
  clusters: {show: clusters, title: 'Clusters'},
  cluster: {show: cluster, within: 'clusters'},
  certificates: {show: certificates, title: 'Certificates'},
  xds: {show: xds, title: 'xDS'},
  explain: {show: explain, title: 'Explain'},
  control: {show: control, title: 'Control'},
};

const content = document.getElementById('content');
let turn = 0;
let paused = false;

function place() {
  const [path, query] = location.hash.replace(/^#\/?/, '').split('?', 2);
  return {name: path in VIEWS ? path : '', parameters: Object.fromEntries(new URLSearchParams(query))};
}

function menu(current) {
  fill(document.getElementById('pages'), Object.entries(VIEWS).filter(([, view]) => view.title).map(([name, view]) =>
    el('li', {}, el('a', {href: address(name), 'aria-current': name === current ? 'page' : null}, view.title))));
}

function failed(e) {
  const note = content.querySelector(':scope > .error') ?? el('p', {class: 'error', role: 'alert'});
  note.textContent = e.message;
  if (!note.isConnected) {
    content.prepend(note);
  }
}

function worked() {
  content.querySelector(':scope > .error')?.remove();
  document.getElementById('fresh').textContent = 'as of ' + new Date().toLocaleTimeString();
}

/**
 * Shows the view of this moment's address. A view fills its part of the page and may return
 * {every: milliseconds, again: () => promise}, which is called while the view is shown, the page is
 * visible and the one before has been answered.
 */
async function show() {
  const mine = ++turn;
  const {name, parameters} = place();
  const view = VIEWS[name];
  menu(view.within ?? name);
  const inside = el('div', {class: 'view'}, el('p', {class: 'quiet'}, 'asking…'));
  fill(content, inside);
  try {
    const life = await view.show(inside, parameters);
    if (mine !== turn) {
      return;
    }
    document.title = (inside.querySelector('h1')?.textContent ?? 'Overview') + ' – Attache';
    worked();
    if (life) {
      repeat(mine, life);
    }
  } catch (e) {
    if (mine === turn) {
      fill(inside);
      failed(e);
    }
  }
}

function repeat(mine, life) {
  setTimeout(async () => {
    if (mine !== turn) {
      return;
    }
    if (!document.hidden && !paused) {
      try {
        await life.again();
        worked();
      } catch (e) {
        failed(e);
      }
    }
    if (mine === turn) {
      repeat(mine, life);
    }
  }, life.every);
}

function state(signals) {
  const level = signals.state === 'LIVE' ? 'ok' : 'warn';
  renew(document.getElementById('state'), mark(level, signals.state), ' up ' + span(signals.uptime_s),
    signals.writes ? el('span', {class: 'tag'}, 'may change') : el('span', {class: 'tag'}, 'read-only'));
}

async function who() {
  const info = await ask('/server_info');
  const node = [info.node?.cluster, info.node?.id].filter(Boolean).join(' / ');
  // revision/version/status/type/TLS library, as Envoy writes it
  fill(document.getElementById('who'), node ? node + ' ' : '', el('span', {class: 'quiet'}, info.version.split('/')[1] ?? info.version));
  document.getElementById('who').title = info.version;
}

document.getElementById('pause').addEventListener('click', event => {
  paused = !paused;
  event.currentTarget.setAttribute('aria-pressed', String(paused));
  event.currentTarget.textContent = paused ? 'Go on' : 'Pause';
});
document.querySelector('.skip').addEventListener('click', event => {
  event.preventDefault();
  content.focus();
});
window.addEventListener('hashchange', () => {
  scrollTo(0, 0);
  show();
});
who().catch(failed);
watch(state, () => !document.hidden && !paused);
show();
