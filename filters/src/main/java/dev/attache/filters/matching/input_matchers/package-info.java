/**
 * Tests of a value in a matcher tree beside {@code value_match}: {@code
 * envoy.extensions.matching.input_matchers}. The counter of what is no address, of the matcher of
 * addresses, is not kept.
 */
@NullMarked
package dev.attache.filters.matching.input_matchers;

import org.jspecify.annotations.NullMarked;
