// Sparklines: small lines of what was seen lately, drawn here, as SVG.

const NS = 'http://www.w3.org/2000/svg';
const WIDTH = 200;
const HEIGHT = 40;

function svg(tag, attributes) {
  const made = document.createElementNS(NS, tag);
  for (const [name, value] of Object.entries(attributes)) {
    made.setAttribute(name, value);
  }
  return made;
}

/** While there are few values they fill a part of the width, from the right. */
const FEW = 30;

function points(values, most) {
  const room = Math.max(FEW, values.length);
  const step = WIDTH / (room - 1);
  const from = room - values.length;
  return values.map((value, i) =>
    `${((from + i) * step).toFixed(1)},${(HEIGHT - 2 - (value ?? 0) / most * (HEIGHT - 4)).toFixed(1)}`).join(' ');
}

/**
 * A line, or several in one picture, on a common scale from zero. set(lists) draws anew.
 */
export function sparkline(label) {
  const picture = svg('svg', {class: 'spark', viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none', role: 'img', 'aria-label': label});
  picture.append(svg('line', {x1: 0, x2: WIDTH, y1: HEIGHT - 1, y2: HEIGHT - 1, class: 'ground'}));
  const lines = [];
  const set = lists => {
    const all = lists.flat().filter(value => value !== undefined);
    const most = Math.max(1e-9, ...all);
    lists.forEach((values, i) => {
      lines[i] ??= picture.appendChild(svg('polyline', {class: 'line line' + i}));
      lines[i].setAttribute('points', points(values, most));
    });
    picture.setAttribute('aria-label', all.length ? `${label}, at most ${number(most)} lately` : label);
  };
  return {picture, set};
}

/** Three digits, with k, M, G. */
export function number(value) {
  if (value === undefined || Number.isNaN(value)) {
    return '–';
  }
  const size = Math.abs(value);
  for (const [limit, sign] of [[1e9, 'G'], [1e6, 'M'], [1e4, 'k']]) {
    if (size >= limit) {
      return (value / (limit === 1e4 ? 1e3 : limit)).toPrecision(3) + sign;
    }
  }
  return size >= 100 || Number.isInteger(value) ? Math.round(value).toString() : value.toPrecision(size < 1 ? 2 : 3);
}

export function bytes(value) {
  for (const [limit, sign] of [[2 ** 30, ' GiB'], [2 ** 20, ' MiB'], [2 ** 10, ' KiB']]) {
    if (value >= limit) {
      return (value / limit).toPrecision(3) + sign;
    }
  }
  return value + ' B';
}

/** Seconds as two units at most. */
export function span(seconds) {
  const units = [[86400, 'd'], [3600, 'h'], [60, 'min'], [1, 's']];
  const i = Math.max(0, units.findIndex(([size]) => seconds >= size));
  const [size, sign] = seconds < 1 ? units[3] : units[i];
  const whole = Math.floor(seconds / size);
  const next = seconds < 1 ? undefined : units[i + 1];
  const rest = next && whole < 10 ? Math.floor((seconds - whole * size) / next[0]) : 0;
  return whole + ' ' + sign + (rest ? ' ' + rest + ' ' + next[1] : '');
}

export function percent(value) {
  return value === undefined || Number.isNaN(value) ? '–' : (value * 100).toFixed(value > 0 && value < 0.1 ? 2 : 1) + ' %';
}
