/**
 * Compiled matchers of strings and address ranges, and the tree that picks an action by what is
 * known of a request or a connection: {@code MatchTree}, whose nodes ask a {@code MatchInput} for a
 * value and an {@code InputMatcher} what it thinks of it. Pure functions over values; regular
 * expressions are RE2, linear in time. Leaf package.
 */
@NullMarked
package dev.attache.proxy.matching;

import org.jspecify.annotations.NullMarked;
