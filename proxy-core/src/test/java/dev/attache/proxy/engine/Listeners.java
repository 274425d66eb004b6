package dev.attache.proxy.engine;

import dev.attache.proxy.address.Address;
import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.listener.filter.ListenerFilterEntry;
import dev.attache.proxy.listener.filter.ListenerFilterSpec;
import dev.attache.proxy.listener.spec.FilterChainMatch;
import dev.attache.proxy.listener.spec.FilterChainSpec;
import dev.attache.proxy.listener.spec.ListenerSpec;
import dev.attache.proxy.listener.spec.SocketSettings;
import dev.attache.proxy.metadata.Metadata;
import dev.attache.proxy.network.NetworkFilterEntry;
import dev.attache.proxy.network.NetworkFilterSpec;
import dev.attache.proxy.network.TrafficDirection;
import dev.attache.proxy.transport.RawServerTransportSpec;
import dev.attache.proxy.transport.ServerTransportSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** Builds listener specs for tests from little. */
final class Listeners {

    private static final AtomicInteger FINGERPRINTS = new AtomicInteger();

    private Listeners() {}

    static FilterChainSpec chain(String name, NetworkFilterSpec... filters) {
        return chain(name, FilterChainMatch.ANY, new RawServerTransportSpec(), filters);
    }

    static FilterChainSpec chain(
            String name,
            FilterChainMatch match,
            ServerTransportSpec transport,
            NetworkFilterSpec... filters) {
        return new FilterChainSpec(
                name,
                match,
                transport,
                Stream.of(filters).map(Listeners::entry).toList(),
                0,
                Metadata.EMPTY,
                name + FINGERPRINTS.incrementAndGet());
    }

    /** Named by the class of its specification. */
    private static NetworkFilterEntry entry(NetworkFilterSpec spec) {
        return new NetworkFilterEntry(spec.getClass().getSimpleName(), spec);
    }

    static Builder listener(String name) {
        return new Builder(name);
    }

    static final class Builder {
        private final String name;
        private Address address = IpAddress.parse("127.0.0.1", 0);
        private final List<FilterChainSpec> chains = new ArrayList<>();
        private final List<ListenerFilterEntry> filters = new ArrayList<>();
        private FilterChainSpec fallback;
        private boolean bind = true;
        private int bufferLimit = 1 << 20;
        private boolean useOriginalDst;
        private long filterTimeout = 15_000;
        private boolean continueOnTimeout;
        private ListenerSpec.ConnectionBalance balance = ListenerSpec.ConnectionBalance.NONE;
        private SocketSettings socket = SocketSettings.DEFAULTS;
        private List<dev.attache.proxy.accesslog.AccessLogSpec> logs = List.of();

        private String fingerprint;

        private Builder(String name) {
            this.name = name;
            this.fingerprint = name;
        }

        Builder at(Address value) {
            address = value;
            return this;
        }

        Builder chain(FilterChainSpec value) {
            chains.add(value);
            return this;
        }

        Builder fallback(FilterChainSpec value) {
            fallback = value;
            return this;
        }

        Builder filter(ListenerFilterSpec spec) {
            filters.add(new ListenerFilterEntry("test", spec, null));
            return this;
        }

        Builder bufferLimit(int bytes) {
            bufferLimit = bytes;
            return this;
        }

        /** Stands for all that is not a chain. */
        Builder fingerprint(String value) {
            fingerprint = value;
            return this;
        }

        Builder unbound() {
            bind = false;
            return this;
        }

        Builder useOriginalDst() {
            useOriginalDst = true;
            return this;
        }

        Builder filterTimeout(long millis, boolean goOn) {
            filterTimeout = millis;
            continueOnTimeout = goOn;
            return this;
        }

        Builder balance(ListenerSpec.ConnectionBalance value) {
            balance = value;
            return this;
        }

        Builder log(dev.attache.proxy.accesslog.AccessLog log) {
            logs = List.of(scope -> log);
            return this;
        }

        ListenerSpec build() {
            return new ListenerSpec(
                    name,
                    address,
                    List.of(),
                    name,
                    bind,
                    useOriginalDst,
                    filters,
                    filterTimeout,
                    continueOnTimeout,
                    chains,
                    null,
                    fallback,
                    TrafficDirection.UNSPECIFIED,
                    bufferLimit,
                    0,
                    socket,
                    balance,
                    0,
                    false,
                    false,
                    ListenerSpec.DrainType.DEFAULT,
                    logs,
                    Metadata.EMPTY,
                    fingerprint);
        }
    }
}
