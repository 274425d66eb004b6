/**
 * Cases made up from a seed: a valid configuration and a script of exchanges, in the form of the
 * case files, played against the real Envoy and this proxy. A seed means the same case on every
 * machine. Each {@link dev.attache.conformance.generated.Area} makes up one kind of case; no case
 * depends on which of two timers is first.
 */
@NullMarked
package dev.attache.conformance.generated;

import org.jspecify.annotations.NullMarked;
