/**
 * What to capture: the flags and environment variables of istio-iptables, checked and turned into
 * one immutable {@link dev.attache.iptables.capture.CaptureConfig}. Reads the host (addresses,
 * users, name servers) only through {@link dev.attache.iptables.capture.Host}.
 */
@NullMarked
package dev.attache.iptables.capture;

import org.jspecify.annotations.NullMarked;
