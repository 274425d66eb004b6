/**
 * Matchers on single values that every room shares. Leaf package. Immutable, compiled once.
 */
@NullMarked
package dev.attache.proxy.matching;

import org.jspecify.annotations.NullMarked;
