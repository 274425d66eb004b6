package dev.attache.config.route;

import com.google.protobuf.Any;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.load.TypeRegistry;
import dev.attache.proxy.route.RetryPolicy.HostPredicate;
import java.util.Set;

/** {@code retry_host_predicate} of retry policies: those of routes, and those of calls. */
public final class HostPredicates {
    private static final String PREVIOUS_HOSTS =
            "envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate";
    private static final String OMIT_CANARY =
            "envoy.extensions.retry.host.omit_canary_hosts.v3.OmitCanaryHostsPredicate";

    private HostPredicates() {}

    /** Adds a predicate that is known; reports another. */
    public static void add(
            Set<HostPredicate> predicates, String name, Any config, CompileContext context) {
        String type = TypeRegistry.nameOf(config.getTypeUrl());
        switch (type) {
            case PREVIOUS_HOSTS -> predicates.add(HostPredicate.PREVIOUS_HOSTS);
            case OMIT_CANARY -> predicates.add(HostPredicate.OMIT_CANARY_HOSTS);
            default -> context.missing(name, type);
        }
    }
}
