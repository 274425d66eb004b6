// Certificates with the time that is left of them.
import {el, fill, mark, table} from './build.js';
import {ask} from './ask.js';
import {span} from './chart.js';

const DAY = 86400;

/**
 * How much hurry there is. What lives for a day is renewed when half of it is left, what lives for
 * months a few weeks before: a third of its life or 14 days, whichever is less, is worth a look.
 */
function hurry(certificate, now) {
  const end = Date.parse(certificate.expiration_time) / 1000;
  const begin = Date.parse(certificate.valid_from) / 1000;
  const left = end - now;
  const life = end - begin;
  if (now < begin) {
    return {left, level: 'bad', text: 'not valid for another ' + span(begin - now)};
  }
  if (left <= 0) {
    return {left, level: 'bad', text: 'expired ' + span(-left) + ' ago'};
  }
  const level = left < Math.min(3 * DAY, life / 10) ? 'bad' : left < Math.min(14 * DAY, life / 3) ? 'warn' : 'ok';
  return {left, level, text: (level === 'ok' ? '' : 'only ') + span(left)};
}

/** All of /certs, the first to end first; the same one that serves in several places once. */
function listed(answer) {
  const now = Date.now() / 1000;
  const rows = new Map();
  for (const group of answer.certificates ?? []) {
    for (const [kind, list] of [['certificate', group.cert_chain], ['authority', group.ca_cert]]) {
      for (const certificate of list ?? []) {
        const key = [kind, certificate.serial_number, certificate.path].join('|');
        const row = rows.get(key) ?? {kind, certificate, hurry: hurry(certificate, now), places: 0};
        row.places++;
        rows.set(key, row);
      }
    }
  }
  return [...rows.values()].sort((a, b) => a.hurry.left - b.hurry.left);
}

function names(certificate) {
  return (certificate.subject_alt_names ?? []).map(name => Object.values(name)[0]).join(', ') || '–';
}

/** Those that want a look, as items of the list of what is wrong. */
export function expiring(answer) {
  return listed(answer).filter(row => row.hurry.level !== 'ok').slice(0, 20).map(row => ({
    level: row.hurry.level,
    text: `${row.kind} ${names(row.certificate)} (serial ${row.certificate.serial_number}): ${row.hurry.text}`,
    page: 'certificates',
  }));
}

export async function certificates(into) {
  const again = async () => {
    const rows = listed(await ask('/certs'));
    fill(into, el('h1', {}, 'Certificates'), table('The first to end first', [
      {title: 'Left', cell: row => mark(row.hurry.level, row.hurry.text)},
      {title: 'Days', number: true, cell: row => row.certificate.days_until_expiration ?? '0'},
      {title: 'Ends', cell: row => new Date(row.certificate.expiration_time).toLocaleString()},
      {title: 'Kind', cell: row => row.kind},
      {title: 'Names', cell: row => names(row.certificate)},
      {title: 'Serial', cell: row => el('code', {}, row.certificate.serial_number ?? '')},
      {title: 'From', cell: row => row.certificate.path || '–'},
      {title: 'Places', number: true, cell: row => row.places},
    ], rows, 'No certificate is in use.'));
  };
  await again();
  return {every: 60_000, again};
}
