/**
 * What attempts at a host have in common, whether the request is a client's ({@code router}) or one
 * of the proxy itself ({@code call}): what chooses the host, what is written down and charged, and
 * whether another attempt follows.
 */
@NullMarked
package dev.attache.proxy.attempt;

import org.jspecify.annotations.NullMarked;
