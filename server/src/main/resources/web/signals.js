// Counts since the start become rates and quantiles of what happened between two readings.

/** Readings kept: at one each two seconds, five minutes. */
const KEPT = 150;

/**
 * The values at quantiles of what fell into the bins ([lower, width, count]) since an earlier reading,
 * by the arithmetic of libcircllhist: evenly spread within a bin.
 */
export function quantiles(now, before, wanted) {
  const earlier = new Map(before.map(([lower, , count]) => [lower, count]));
  const bins = now.map(([lower, width, count]) => [lower, width, count - (earlier.get(lower) ?? 0)]).filter(bin => bin[2] > 0);
  const total = bins.reduce((sum, bin) => sum + bin[2], 0);
  return wanted.map(q => {
    const target = Math.max(1, Math.ceil(q * total));
    let below = 0;
    for (const [lower, width, count] of bins) {
      if (below + count >= target) {
        return lower + (target - below) / (count + 1) * width;
      }
      below += count;
    }
    return undefined;
  });
}

/** A history of readings of one thing: counters, gauges and bins by their names. */
export class History {
  constructor(kept = KEPT) {
    this.kept = kept;
    this.last = undefined;
    this.values = new Map();
  }

  /**
   * Takes a reading. rates: {name: counter}; levels: {name: number}; times: {bins: name of the bins' field}.
   * A counter that went back (reset_counters, a restart) begins anew.
   */
  take(time, rates, levels, bins) {
    const before = this.last;
    this.last = {time, rates, bins};
    for (const [name, value] of Object.entries(levels)) {
      this.push(name, value);
    }
    const seconds = before ? (time - before.time) / 1000 : 0;
    if (!before || seconds <= 0) {
      return;
    }
    for (const [name, value] of Object.entries(rates)) {
      const grown = value - before.rates[name];
      this.push(name, (grown < 0 ? value : grown) / seconds);
    }
    if (bins) {
      const [p50, p95, p99] = quantiles(bins, before.bins ?? [], [0.5, 0.95, 0.99]);
      this.push('p50', p50);
      this.push('p95', p95);
      this.push('p99', p99);
    }
  }

  push(name, value) {
    const list = this.values.get(name) ?? [];
    list.push(value);
    if (list.length > this.kept) {
      list.shift();
    }
    this.values.set(name, list);
  }

  all(name) {
    return this.values.get(name) ?? [];
  }

  now(name) {
    return this.all(name).at(-1);
  }
}
