package dev.attache.proxy.upstream.discovery;

import dev.attache.proxy.upstream.spec.DnsServers;
import dev.attache.proxy.upstream.spec.DnsSpec.LookupFamily;
import java.net.InetAddress;
import java.util.List;

/** Resolves names without blocking. Called on the main loop, answers on it. */
public interface NameResolver {

    /** One address and how long it holds. */
    record Record(InetAddress address, long ttlSeconds) {}

    /** Who asked. One call. */
    interface Callback {
        /** The answer; empty where the name exists not or has no such address. */
        void onResolved(List<Record> records);

        /**
         * The name has no address, and why; the same as an empty answer to those who do not mind.
         */
        default void onNothing(DnsTrouble why) {
            onResolved(List.of());
        }

        /** No answer: timeout, server failure, broken response. */
        void onFailed(Throwable why);
    }

    void resolve(String name, LookupFamily family, DnsServers servers, Callback callback);
}
