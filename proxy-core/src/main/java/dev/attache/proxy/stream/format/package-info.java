/**
 * Substitution format strings ({@code %REQ(X)%}): compiled once, evaluated for access logs, header
 * values, local reply bodies and filter state. Facts: Envoy's "Access logging" and "Substitution
 * formatter" pages.
 */
@NullMarked
package dev.attache.proxy.stream.format;

import org.jspecify.annotations.NullMarked;
