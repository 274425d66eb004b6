/** Benchmarks. */
@NullMarked
package dev.attache.bench;

import org.jspecify.annotations.NullMarked;
