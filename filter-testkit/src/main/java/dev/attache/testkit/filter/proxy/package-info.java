/**
 * What of a proxy stands around a filter under test: the worker, the connection manager, clusters,
 * a handshake. For the harness, not for tests.
 */
@NullMarked
package dev.attache.testkit.filter.proxy;

import org.jspecify.annotations.NullMarked;
