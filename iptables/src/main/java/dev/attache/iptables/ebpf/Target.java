package dev.attache.iptables.ebpf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where the programs go.
 *
 * @param application whose connections are intercepted
 * @param proxy the proxy's cgroup, null if it is not told apart
 * @param namespace file of the network namespace
 * @param pins where it is pinned
 */
record Target(Cgroup application, @Nullable Cgroup proxy, Path namespace, Pins pins) {
    /** Tells whether the proxy needs programs of its own. */
    boolean proxyElsewhere() {
        return proxy != null && !application.contains(proxy);
    }

    /** Returns the number that the kernel reports for a link at {@code place}. */
    long id(Hook.Place place) throws IOException {
        return switch (place) {
            case APPLICATION -> application.id();
            case PROXY -> proxyPath().id();
            case NAMESPACE -> ((Number) Files.getAttribute(namespace, "unix:ino")).longValue();
            case PAIRS -> 0;
        };
    }

    /** Returns what is opened to attach at {@code place}. */
    Path path(Hook.Place place) {
        return switch (place) {
            case APPLICATION -> application.path();
            case PROXY -> proxyPath().path();
            case NAMESPACE -> namespace;
            case PAIRS -> throw new IllegalArgumentException("pairs are a map, not a file");
        };
    }

    private Cgroup proxyPath() {
        if (proxy == null) {
            throw new IllegalStateException("no cgroup of the proxy was given");
        }
        return proxy;
    }
}
