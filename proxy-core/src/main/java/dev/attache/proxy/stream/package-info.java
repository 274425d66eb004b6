/**
 * What is known about one request or TCP session while it lives: times, bytes, flags, who answered
 * and why. Written by the connection manager, router and TCP proxy; read by access logs, formatters
 * and filters. Strings and values only: it knows no cluster and no route object.
 */
@NullMarked
package dev.attache.proxy.stream;

import org.jspecify.annotations.NullMarked;
