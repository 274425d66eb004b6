/**
 * Compiled matchers of strings, headers, query parameters and CIDR ranges. Pure functions over
 * values; regular expressions are RE2, linear in time. Leaf package.
 */
@NullMarked
package dev.attache.proxy.matching;

import org.jspecify.annotations.NullMarked;
