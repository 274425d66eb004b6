/**
 * What a cluster counts, under Envoy's names. The names of a cluster are listed from its first
 * moment; a worker's cell appears when the worker first counts.
 */
@NullMarked
package dev.attache.proxy.upstream.stats;

import org.jspecify.annotations.NullMarked;
