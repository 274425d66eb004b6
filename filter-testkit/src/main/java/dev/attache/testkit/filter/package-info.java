/**
 * Tests of HTTP filters: {@link dev.attache.testkit.filter.FilterHarness} runs one in the proxy's
 * own connection manager, stream and pipeline, where the test is the client, the upstream, the
 * clusters that are called on the side, and the clock. Needs no test framework.
 */
@NullMarked
package dev.attache.testkit.filter;

import org.jspecify.annotations.NullMarked;
