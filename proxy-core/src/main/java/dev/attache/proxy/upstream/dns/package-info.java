/**
 * Names to addresses, once per process: what a resolver is, the one over Netty's DNS client, and
 * the schedule of refreshes that STRICT_DNS and LOGICAL_DNS share. All on the main thread's loop;
 * no worker ever waits for a name.
 */
@NullMarked
package dev.attache.proxy.upstream.dns;

import org.jspecify.annotations.NullMarked;
