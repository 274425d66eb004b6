/**
 * What interception costs: an application, a proxy and a server on one host, joined by iptables,
 * nftables or eBPF, measured in turns within one run. The proxy is a bare relay, so that what is
 * compared is the way to it and back. Needs root on Linux; {@code bench/interception/run} starts
 * it.
 */
@NullMarked
package dev.attache.bench.interception;

import org.jspecify.annotations.NullMarked;
