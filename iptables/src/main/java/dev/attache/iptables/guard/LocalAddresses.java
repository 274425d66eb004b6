package dev.attache.iptables.guard;

import java.net.InetAddress;

/** Tells whether an address belongs to this host. Asked on every accept: keep it cheap. */
@FunctionalInterface
public interface LocalAddresses {
    boolean contains(InetAddress address);
}
