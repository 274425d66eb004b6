/**
 * The commands: {@code iptables} (the drop-in for istio-iptables) and {@code intercept} with its
 * sub-commands.
 */
@NullMarked
package dev.attache.iptables.command;

import org.jspecify.annotations.NullMarked;
