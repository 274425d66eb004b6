package dev.attache.filters.http.ext_proc;

import dev.attache.filters.authorization.ToldMetadata;
import dev.attache.proxy.call.grpc.GrpcService;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a route may say in place of the filter, for one stream. Immutable. */
record StreamSettings(
        GrpcService service,
        ToldMetadata metadata,
        ToldMetadata clusterMetadata,
        ToldAttributes attributes,
        Set<String> metadataNamespaces,
        boolean failureAllowed,
        boolean emitsSpan) {

    static StreamSettings of(ExtProcSpec spec) {
        return new StreamSettings(
                spec.service(),
                spec.told().metadata(),
                spec.told().clusterMetadata(),
                spec.told().attributes(),
                spec.heeding().metadataNamespaces(),
                spec.failure().allow(),
                spec.told().emitsSpan());
    }

    StreamSettings changedBy(ExtProcOverride override) {
        return new StreamSettings(
                or(override.service(), service).telling(override.initialMetadata()),
                or(override.metadata(), metadata),
                or(override.clusterMetadata(), clusterMetadata),
                or(override.attributes(), attributes),
                or(override.metadataNamespaces(), metadataNamespaces),
                or(override.failureAllowed(), failureAllowed),
                or(override.emitsSpan(), emitsSpan));
    }

    private static <T> T or(@Nullable T first, T second) {
        return first != null ? first : second;
    }
}
