/**
 * Traffic interception: the program that installs, checks, explains and removes the rules which
 * bring an unmodified application's traffic to the proxy. Packages: {@code capture} (flags to
 * configuration), {@code rules} (configuration to rules), {@code apply} (rules to kernel), {@code
 * probe} (does traffic arrive), {@code status} and {@code explain} (what is there, what would
 * happen), {@code guard} (refuses the proxy's own traffic), {@code ebpf} (the mode without NAT).
 */
@NullMarked
package dev.attache.iptables;

import org.jspecify.annotations.NullMarked;
