/**
 * Consistent hashing: the ring and the Maglev table as data, and the hash functions that both and
 * the route's hash policies use. Built per host set, immutable, shared by workers.
 */
@NullMarked
package dev.attache.proxy.upstream.lb.hash;

import org.jspecify.annotations.NullMarked;
