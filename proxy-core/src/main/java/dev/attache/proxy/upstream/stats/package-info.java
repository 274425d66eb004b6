/**
 * What a cluster counts, under Envoy's names. The names of a cluster appear when it first sees
 * traffic on any worker, as with Envoy's deferred creation; a worker's cell appears when the worker
 * first counts.
 */
@NullMarked
package dev.attache.proxy.upstream.stats;

import org.jspecify.annotations.NullMarked;
