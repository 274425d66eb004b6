/**
 * A control plane with as many clusters and endpoints as it is told, for {@code bench/scale.py}.
 */
@NullMarked
package dev.attache.bench.scale;

import org.jspecify.annotations.NullMarked;
