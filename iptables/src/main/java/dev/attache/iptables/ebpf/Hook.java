package dev.attache.iptables.ebpf;

import dev.attache.iptables.ebpf.assembly.Assembly;
import dev.attache.iptables.kernel.AttachType;

/**
 * A program and where it goes.
 *
 * @param name name of the program and of its pin
 */
record Hook(String name, AttachType type, Place place, Assembly code) {
    /** What a program is attached to. */
    enum Place {
        /** The cgroup whose connections are intercepted. */
        APPLICATION,
        /** The cgroup of the proxy, where it is not inside the application's. */
        PROXY,
        /** The network namespace. */
        NAMESPACE,
        /** The map of pairs, whose sockets run it. */
        PAIRS
    }
}
