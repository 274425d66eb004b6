/**
 * The HTTP connection manager: a terminal network filter that turns a connection into streams,
 * keeps Envoy's order of header processing, guards timeouts and limits, answers what no filter
 * answers, and writes access logs. Facts: Envoy's "HTTP connection management" pages.
 */
@NullMarked
package dev.attache.proxy.network.http;

import org.jspecify.annotations.NullMarked;
