/**
 * From a capture configuration to rules: one emission sequence per dialect (iptables, nftables),
 * byte for byte what istio-iptables writes, plus the commands that undo and check them.
 */
@NullMarked
package dev.attache.iptables.rules;

import org.jspecify.annotations.NullMarked;
