/**
 * Outlier detection: hosts that fail in a row, or far more than the others, are ejected for a
 * while. Workers count, the main thread decides. Source: envoyproxy.io, "Outlier detection".
 */
@NullMarked
package dev.attache.proxy.upstream.outlier;

import org.jspecify.annotations.NullMarked;
