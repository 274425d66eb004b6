/**
 * Log lines of the interception commands: one line per event, levels and JSON form as
 * istio-iptables offers them.
 */
@NullMarked
package dev.attache.iptables.log;

import org.jspecify.annotations.NullMarked;
